"""Not to be asked again, and answers to notices."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
SELECT access.guard_record('cases_noticeanswer');

-- Of those who said no: how many wait for a new offer, and how many do not want to be asked again. Numbers, for the board's own unit.
CREATE FUNCTION cases_re_offers() RETURNS TABLE (waiting bigint, not_asked bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH shown AS (
        SELECT c.matter_id FROM cases_case c
         WHERE c.unit_id = ANY ((SELECT access.my_board_units())::uuid[])
           AND c.matter_id <> ALL ((SELECT access.locked_matters())::uuid[])),
    wish AS (
        SELECT DISTINCT ON (o.matter_id, o.about, a.answered_by) o.matter_id, o.about, a.asks_no_more
          FROM cases_answer a JOIN cases_offer o ON o.root = a.offer AND o.is_current
         WHERE a.is_current AND (a.asks_no_more OR a.kind = 'accepted') AND o.matter_id IN (SELECT matter_id FROM shown)
         ORDER BY o.matter_id, o.about, a.answered_by, a.happened_at DESC, a.recorded_at DESC, a.id DESC)
    SELECT (SELECT count(DISTINCT (matter_id, about)) FROM cases_clock
             WHERE rule = 're-offer' AND is_current AND stopped_at IS NULL AND matter_id IN (SELECT matter_id FROM shown)),
           (SELECT count(DISTINCT (matter_id, about)) FROM wish WHERE asks_no_more)
$$;
GRANT EXECUTE ON FUNCTION cases_re_offers() TO forebyg_web;
"""
BACKWARD = """
DROP FUNCTION cases_re_offers();
DELETE FROM access_record_table WHERE name = 'cases_noticeanswer';
"""


def _to(model: str) -> models.Field:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_break_glass"),
        ("cases", "0011_document"),
        ("matters", "0001_matter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="NoticeAnswer",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, editable=False, size=None
                    ),
                ),
                ("about", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("root", models.UUIDField(editable=False)),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("is_current", models.BooleanField(default=True, editable=False)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("notice", models.UUIDField(help_text="root of the decision that the notice is")),
                ("answered_by", models.UUIDField(help_text="the participant who answered")),
                ("text", models.BinaryField()),
                ("author", _to(settings.AUTH_USER_MODEL)),
                ("matter", _to("matters.matter")),
                ("owner", _to("access.agency")),
            ],
            options={"abstract": False},
        ),
        migrations.AddField(
            model_name="answer",
            name="asks_no_more",
            field=models.BooleanField(default=False, help_text="a no, and the wish not to be asked again (B-031)"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(asks_no_more=False) | ~models.Q(kind="accepted"), name="who_says_yes_may_be_asked"
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="is_asked_for",
            field=models.BooleanField(default=False, help_text="the person asked for it, after a wish not to be asked again"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
