"""A case on the agenda in one forum, and its minutes, with what PostgreSQL holds of both."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
SELECT access.guard_record('meetings_agendaitem', NULL, '{}', false);
SELECT access.guard_record('meetings_minutes');

-- Who attends is admitted to the matter, with more than the frame, takes part in the forum, and may by the law's finding; they
-- read the item. Runs after `own_record`.
CREATE FUNCTION meetings_read_item() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(NEW.attending || NEW.owner_id) AS present(id) WHERE NOT EXISTS (
            SELECT FROM access_admission m JOIN access_agency a ON a.id = m.agency_id
             WHERE m.matter_id = NEW.matter_id AND m.agency_id = present.id AND m.ended_at IS NULL AND NOT m.frame_only
               AND (NEW.forum = 'none' OR NEW.forum = ANY (a.forums))
               AND (present.id = NEW.owner_id OR cases_carries(NEW.findings -> present.id::text)))) THEN
        RAISE EXCEPTION 'an agency may not take part in the item' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT ARRAY[NEW.owner_id] || coalesce(array_agg(DISTINCT id), '{}') INTO NEW.readers
      FROM unnest(NEW.attending) AS present(id) WHERE id <> NEW.owner_id;
    RETURN NEW;
END $$;
CREATE TRIGGER read_item BEFORE INSERT ON meetings_agendaitem FOR EACH ROW EXECUTE FUNCTION meetings_read_item();
CREATE TRIGGER read_entry_of_agenda BEFORE INSERT ON cases_timelineentry FOR EACH ROW
    WHEN (NEW.record_table = 'meetings_agendaitem') EXECUTE FUNCTION sharing_read_entry();

-- Minutes are of an item that the writer attends, in its forum, with participants who were to attend; a correction changes none
-- of that. Runs after `own_record`.
CREATE FUNCTION meetings_of_item() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.version > 1 THEN
        SELECT item, forum, taking_part, not_for_investigation INTO NEW.item, NEW.forum, NEW.taking_part, NEW.not_for_investigation
          FROM meetings_minutes WHERE root = NEW.root AND version = NEW.version - 1;
    ELSIF NOT EXISTS (
        SELECT FROM meetings_agendaitem i WHERE i.root = NEW.item AND i.matter_id = NEW.matter_id AND i.forum = NEW.forum
           AND NEW.owner_id = ANY (i.readers) AND NEW.taking_part <@ i.readers) THEN
        RAISE EXCEPTION 'minutes are of an item, and of those who were to take part in it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER read_of_item BEFORE INSERT ON meetings_minutes FOR EACH ROW EXECUTE FUNCTION meetings_of_item();

-- They are given to those who took part, and to nobody else (R-048).
CREATE FUNCTION meetings_check_recipient() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM meetings_minutes m WHERE m.root = NEW.record_root AND m.is_current AND NEW.recipient_id = ANY (m.taking_part)) THEN
        RAISE EXCEPTION 'the recipient took no part in the item' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_minutes BEFORE INSERT ON cases_disclosure FOR EACH ROW
    WHEN (NEW.record_table = 'meetings_minutes') EXECUTE FUNCTION meetings_check_recipient();
"""

BACKWARD = """
DROP TRIGGER read_entry_of_agenda ON cases_timelineentry;
DROP FUNCTION meetings_read_item(), meetings_of_item(), meetings_check_recipient() CASCADE;
DELETE FROM access_record_table WHERE name IN ('meetings_agendaitem', 'meetings_minutes');
"""

_KEPT = django.db.models.deletion.PROTECT


def _ids(**more: object) -> models.Field:
    return django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, **more)


def _record() -> list[tuple[str, models.Field]]:
    return [
        ("key_id", models.UUIDField(editable=False, null=True)),
        ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
        ("readers", _ids(editable=False)),
        ("about", _ids()),
        ("root", models.UUIDField(editable=False)),
        ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
        ("is_current", models.BooleanField(default=True, editable=False)),
        ("happened_at", models.DateTimeField()),
        ("recorded_at", models.DateTimeField()),
        ("author", models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
        ("matter", models.ForeignKey(on_delete=_KEPT, related_name="+", to="matters.matter")),
        ("owner", models.ForeignKey(on_delete=_KEPT, related_name="+", to="access.agency")),
    ]


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("access", "0007_break_glass"),
        ("cases", "0015_clocks_views_digests"),
        ("matters", "0001_matter"),
        ("sharing", "0003_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                *_record(),
                ("forum", models.CharField(help_text="ssp, psp, ksp or none: the law's words", max_length=4)),
                ("meets_at", models.DateTimeField()),
                ("attending", _ids(help_text="the agencies that attend, the owner among them")),
                (
                    "findings",
                    models.JSONField(default=dict, help_text="by agency: the law's finding on taking the case up with it"),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("version", 1)), name="agenda_item_is_written_once")],
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                *_record(),
                ("item", models.UUIDField(help_text="root of the agenda item")),
                ("forum", models.CharField(help_text="that of the item", max_length=4)),
                ("taking_part", _ids(help_text="the agencies that took part in the item")),
                ("not_for_investigation", models.BooleanField(default=False)),
                ("text", models.BinaryField()),
                ("correction_reason", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "version"), name="minutes_once_for_an_item"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("not_for_investigation", True),
                            models.Q(("forum__in", ("ssp", "psp", "ksp")), _negated=True),
                            _connector="OR",
                        ),
                        name="forum_minutes_are_not_for_investigation",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
