"""Agreements with the citizen, follow-up in two tracks, contacts by outreach, and the clock of the duty to tell a person."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
SELECT access.guard_record('cases_agreement');
SELECT access.guard_record('cases_agreementkept');
SELECT access.guard_record('cases_contact');

-- What was followed up since the case last came to step 8, also by agencies that told nobody of it: the participants with whom it
-- was tried, and whether the unit did (R-055). Nothing of what was said; for those who have the matter whole.
CREATE FUNCTION cases_followed_up(target uuid) RETURNS TABLE (persons uuid[], in_unit boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ARRAY(SELECT DISTINCT person FROM cases_meeting m CROSS JOIN unnest(m.about) AS person
                  WHERE m.matter_id = target AND m.is_current AND m.kind = 'follow-up' AND m.happened_at >= since.came),
           EXISTS (SELECT FROM cases_decision d
                    WHERE d.matter_id = target AND d.is_current AND d.kind = 'follow-up' AND d.happened_at >= since.came)
      FROM (SELECT date_trunc('minute', moved_at) AS came FROM cases_case WHERE matter_id = target) AS since
     WHERE target = ANY (access.my_whole_matters())
$$;
GRANT EXECUTE ON FUNCTION cases_followed_up(uuid) TO forebyg_web;

-- The duty to tell a person (B-004; GDPR article 14, 3): a month from the day on which an agency recorded the person. The clock is that
-- agency's, once for each person of a case that goes on; who was recorded longer ago has had the clock or was told. How many.
CREATE FUNCTION cases_start_duties_to_tell() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one record;
    clock uuid;
    begun integer := 0;
BEGIN
    FOR one IN
        SELECT p.root, p.matter_id, p.owner_id, c.unit_id, p.happened_at AS since,
               (SELECT w.id FROM access_worker w WHERE w.is_system AND w.unit_id = c.unit_id ORDER BY w.id LIMIT 1) AS system
          FROM people_participant p JOIN cases_case c ON c.matter_id = p.matter_id
         WHERE p.is_current AND c.ended_at IS NULL AND p.happened_at > store.now() - interval '1 month'
           AND NOT EXISTS (SELECT FROM people_information i
                            WHERE i.matter_id = p.matter_id AND i.person = p.root AND i.owner_id = p.owner_id)
           AND NOT EXISTS (SELECT FROM cases_clock k
                            WHERE k.matter_id = p.matter_id AND k.rule = 'inform-person' AND k.concerns = p.root
                              AND k.owner_id = p.owner_id)
         ORDER BY p.root FOR UPDATE OF p SKIP LOCKED
    LOOP
        IF one.system IS NULL THEN
            RAISE WARNING 'a unit has no system worker, so nobody is reminded of the duty to tell';
            CONTINUE;
        END IF;
        clock := gen_random_uuid();
        INSERT INTO cases_clock (id, matter_id, owner_id, readers, about, author_id, root, version, is_current, happened_at,
                                 recorded_at, rule, unit_id, concerns, due_at)
        VALUES (clock, one.matter_id, one.owner_id, '{}', ARRAY[one.root], one.system, clock, 1, true, one.since,
                store.now(), 'inform-person', one.unit_id, one.root, one.since + interval '1 month');
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
        VALUES (gen_random_uuid(), store.now(), one.system, one.owner_id, 'clock.started', ARRAY[one.matter_id], ARRAY[clock],
                jsonb_build_object('rule', 'inform-person'), '');
        begun := begun + 1;
    END LOOP;
    RETURN begun;
END $$;
GRANT EXECUTE ON FUNCTION cases_start_duties_to_tell() TO forebyg_worker;
"""

BACKWARD = """
DROP FUNCTION cases_followed_up(uuid);
DROP FUNCTION cases_start_duties_to_tell();
DELETE FROM access_record_table WHERE name IN ('cases_agreement', 'cases_agreementkept', 'cases_contact');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_break_glass"),
        ("cases", "0012_answers"),
        ("people", "0006_plan"),
        ("matters", "0001_matter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="apart_from",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                default=list,
                help_text="participants without whom it was, who are not told of it",
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="Agreement",
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
                (
                    "taking_part",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        default=list,
                        help_text="participants who agreed it: the citizen, the parents",
                        size=None,
                    ),
                ),
                (
                    "apart_from",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        default=list,
                        help_text="parents who are not told of it (R-106)",
                        size=None,
                    ),
                ),
                ("without_reason", models.BinaryField(help_text="why the citizen, or under 18 no parent, took part")),
                ("text", models.BinaryField(help_text="what was agreed")),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AgreementKept",
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
                ("agreement", models.UUIDField(help_text="root of the agreement")),
                ("answer", models.CharField(max_length=8)),
                ("text", models.BinaryField()),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                (
                    "mandate",
                    models.CharField(
                        help_text="`provision:` or `intervention:`, then the id in the strategy pack", max_length=80
                    ),
                ),
                ("text", models.BinaryField()),
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
                "abstract": False,
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
