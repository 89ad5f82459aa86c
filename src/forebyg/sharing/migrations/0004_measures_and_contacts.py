"""Decisions under a provision, and contacts to parents: neither is recorded unless a signed provision carries it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
SELECT access.guard_record('sharing_measuredecision');
SELECT access.guard_record('sharing_parentcontact');

-- The finding names the provision that the decision rests on, and somebody has signed that provision off as it stands.
CREATE FUNCTION sharing_check_decision() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM jsonb_array_elements(NEW.finding -> 'bases') AS b
         WHERE b ->> 'provision' = NEW.provision AND sharing_is_signed(b ->> 'pack', b ->> 'provision', b ->> 'version')) THEN
        RAISE EXCEPTION 'the provision of the decision is not signed off' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE sharing_measuredecision
    ADD CONSTRAINT decided_by_a_finding CHECK (cases_carries(finding) AND finding -> 'by' = jsonb_build_array(provision));
CREATE TRIGGER check_decision BEFORE INSERT ON sharing_measuredecision FOR EACH ROW EXECUTE FUNCTION sharing_check_decision();

-- What is said to a parent is a disclosure: a doubt in the matter stops it too.
ALTER TABLE sharing_parentcontact ADD CONSTRAINT contact_by_a_finding CHECK (cases_carries(finding));
CREATE TRIGGER check_contact BEFORE INSERT ON sharing_parentcontact FOR EACH ROW EXECUTE FUNCTION sharing_check_disclosure();
"""
BACKWARD = """
DROP FUNCTION sharing_check_decision() CASCADE;
DELETE FROM access_record_table WHERE name IN ('sharing_measuredecision', 'sharing_parentcontact');
"""


def _to(model: str) -> models.Field:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_break_glass"),
        ("matters", "0001_matter"),
        ("sharing", "0003_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="MeasureDecision",
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
                ("measure", models.CharField(help_text="a word of the law", max_length=40)),
                ("provision", models.CharField(help_text="id in the law pack: the one it rests on", max_length=80)),
                (
                    "grounds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, help_text="words of the law", size=None
                    ),
                ),
                (
                    "cooperation",
                    models.CharField(blank=True, help_text="of the parents: a word of the law, or not stated", max_length=10),
                ),
                (
                    "intervention",
                    models.CharField(blank=True, help_text="whose consent counted: id in the strategy pack", max_length=60),
                ),
                ("finding", models.JSONField(help_text="the law's finding and the purpose, as it allowed the decision")),
                ("weighing", models.BinaryField(help_text="why this measure in this very case; an order has one")),
                ("text", models.BinaryField(help_text="what was decided, and why")),
                ("author", _to(settings.AUTH_USER_MODEL)),
                ("matter", _to("matters.matter")),
                ("owner", _to("access.agency")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ParentContact",
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
                ("parent", models.UUIDField(help_text="the participant who was contacted")),
                ("finding", models.JSONField(help_text="the law's finding and the purpose, as it allowed the contact")),
                ("ground", models.BinaryField(help_text="the signs that were seen")),
                ("text", models.BinaryField(help_text="what was said, and what was agreed")),
                ("author", _to(settings.AUTH_USER_MODEL)),
                ("matter", _to("matters.matter")),
                ("owner", _to("access.agency")),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
