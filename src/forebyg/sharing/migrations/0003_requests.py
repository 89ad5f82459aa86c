"""Requests to other agencies and their answers, with what PostgreSQL holds of both."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
SELECT access.guard_record('sharing_informationrequest', 'asked_id', ARRAY['outcome', 'ended_at'], false);
SELECT access.guard_record('sharing_requestanswer', 'asker_id', '{}', false);
-- To name a person in a request is itself a disclosure: what stops one stops it, too.
ALTER TABLE sharing_informationrequest ADD CONSTRAINT asked_by_a_finding CHECK (cases_carries(finding));
CREATE TRIGGER check_disclosure BEFORE INSERT ON sharing_informationrequest FOR EACH ROW EXECUTE FUNCTION sharing_check_disclosure();
-- Withdrawn, once, by its owner; that it was answered is the trigger's to note.
ALTER POLICY change_own ON sharing_informationrequest
    USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND owner_id = (select access.my_agency()) AND ended_at IS NULL)
    WITH CHECK (outcome = 'withdrawn' AND ended_at IS NOT NULL);

CREATE FUNCTION sharing_check_request() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.outcome <> '' THEN
        RAISE EXCEPTION 'a request begins open' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM access_admission WHERE matter_id = NEW.matter_id AND agency_id = NEW.asked_id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'the agency asked is not admitted to the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_request AFTER INSERT ON sharing_informationrequest FOR EACH ROW EXECUTE FUNCTION sharing_check_request();

-- What names a person does not linger with the agency asked once it is withdrawn (B-023).
CREATE FUNCTION sharing_withdraw_request() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.outcome = 'withdrawn' THEN
        NEW.readers := ARRAY[NEW.owner_id];
        UPDATE cases_timelineentry SET readers = NEW.readers WHERE record_root = NEW.root AND owner_id = NEW.owner_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER withdraw_request BEFORE UPDATE ON sharing_informationrequest FOR EACH ROW EXECUTE FUNCTION sharing_withdraw_request();

-- A request that has ended no longer waits in anybody's inbox.
CREATE FUNCTION sharing_end_request() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_task SET done_at = NEW.ended_at, done_by_id = access.me()
     WHERE matter_id = NEW.matter_id AND concerns = NEW.root AND kind = 'answer-request' AND done_at IS NULL;
    UPDATE cases_clock SET stopped_at = NEW.ended_at
     WHERE matter_id = NEW.matter_id AND concerns = NEW.root AND rule = 'request-answer' AND stopped_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER end_request AFTER UPDATE OF ended_at ON sharing_informationrequest FOR EACH ROW EXECUTE FUNCTION sharing_end_request();

-- An answer: once, by the agency asked, about whom it was asked, with disclosures of its own to the agency that asks.
CREATE FUNCTION sharing_follow_answer() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(NEW.disclosures) AS told(root) WHERE NOT EXISTS (
            SELECT FROM cases_disclosure d WHERE d.root = told.root AND d.matter_id = NEW.matter_id AND d.owner_id = NEW.owner_id
               AND d.recipient_id = NEW.asker_id AND d.withdrawn_at IS NULL)) THEN
        RAISE EXCEPTION 'what answers a request is disclosed by the agency asked to the agency that asks' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE sharing_informationrequest SET outcome = NEW.kind, ended_at = NEW.recorded_at
     WHERE root = NEW.request AND matter_id = NEW.matter_id AND owner_id = NEW.asker_id AND asked_id = NEW.owner_id
       AND about = NEW.about AND access.in_reach(matter_id, about) AND ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such request waits for an answer of this agency' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_answer AFTER INSERT ON sharing_requestanswer FOR EACH ROW EXECUTE FUNCTION sharing_follow_answer();

-- The line on the timeline is read by those who read the request or the answer. Runs after `own_record`.
CREATE FUNCTION sharing_read_entry() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    pair uuid[];
BEGIN
    EXECUTE format('SELECT readers FROM %I WHERE root = $1 AND owner_id = $2 AND matter_id = $3', NEW.record_table)
        INTO pair USING NEW.record_root, NEW.owner_id, NEW.matter_id;
    NEW.readers := coalesce(pair, NEW.readers);
    RETURN NEW;
END $$;
CREATE TRIGGER read_entry BEFORE INSERT ON cases_timelineentry FOR EACH ROW
    WHEN (NEW.record_table = 'sharing_informationrequest' OR NEW.record_table = 'sharing_requestanswer') EXECUTE FUNCTION sharing_read_entry();
"""

BACKWARD = """
DROP TRIGGER read_entry ON cases_timelineentry;
DROP FUNCTION sharing_check_request(), sharing_withdraw_request(), sharing_end_request(), sharing_follow_answer(), sharing_read_entry() CASCADE;
DELETE FROM access_record_table WHERE name IN ('sharing_informationrequest', 'sharing_requestanswer');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_agencies_before_the_law"),
        ("cases", "0009_requests"),
        ("matters", "0001_matter"),
        ("sharing", "0002_letters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InformationRequest",
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
                ("forum", models.CharField(help_text="ssp, psp, ksp or none: the law's words", max_length=4)),
                ("purpose", models.CharField(help_text="a word of the law", max_length=20)),
                ("finding", models.JSONField(help_text="what the law said of naming these persons to the agency asked")),
                ("persons", models.BinaryField(help_text="whom it is about, as the agency asked gets to know them")),
                ("question", models.BinaryField()),
                ("necessity", models.BinaryField()),
                ("due_at", models.DateTimeField()),
                ("outcome", models.CharField(blank=True, editable=False, max_length=9)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("asked", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matter"),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["asked", "due_at", "id"], name="request_to_us_open"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["owner", "due_at", "id"], name="request_from_us_open"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", False)),
                        fields=["asked", "-ended_at", "-id"],
                        name="request_to_us_ended",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", False)),
                        fields=["owner", "-ended_at", "-id"],
                        name="request_from_us_ended",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("asked")), _negated=True), name="asked_of_another"
                    ),
                    models.CheckConstraint(condition=models.Q(("version", 1)), name="request_is_withdrawn_not_corrected"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "")),
                            models.Q(("ended_at__isnull", False), ("outcome__in", ["answered", "declined", "withdrawn"])),
                            _connector="OR",
                        ),
                        name="request_ends_with_an_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestAnswer",
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
                ("request", models.UUIDField(help_text="root of the request")),
                ("kind", models.CharField(max_length=8)),
                (
                    "disclosures",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        default=list,
                        help_text="roots of the disclosures made with it",
                        size=None,
                    ),
                ),
                ("reason", models.BinaryField(help_text="why it is declined, without anything about a person")),
                ("asker", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matter"),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("asker")), _negated=True), name="answered_to_another"
                    ),
                    models.CheckConstraint(condition=models.Q(("version", 1)), name="answer_is_not_corrected"),
                    models.UniqueConstraint(fields=("request",), name="answered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disclosures", []), ("kind", "declined")),
                            models.Q(("disclosures__len__gt", 0), ("kind", "answered")),
                            _connector="OR",
                        ),
                        name="answer_holds_items_or_is_a_refusal",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
