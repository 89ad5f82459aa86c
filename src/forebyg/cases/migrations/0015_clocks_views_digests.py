"""Which hours a clock counts and why it ran out, the numbers of that; views of the case list; mails that tell how much waits."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
ALTER TABLE cases_clock ALTER calendar SET DEFAULT 'elapsed-hours', ALTER explained_because SET DEFAULT '';
GRANT UPDATE (explained_because) ON cases_clock TO forebyg_web;

-- How many clocks of the own unit that were due in a year ran out, by rule and by cause. Numbers, nothing else, and none under
-- five: who asks does not know the cases.
CREATE FUNCTION cases_breaches(year integer) RETURNS TABLE (rule text, cause text, number bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.rule, c.explained_because, CASE WHEN count(*) >= 5 THEN count(*) END
      FROM cases_clock c
     WHERE c.unit_id = access.my_unit() AND c.is_current AND coalesce(c.stopped_at, c.paused_at, store.now()) > c.due_at
       AND extract(year FROM c.due_at AT TIME ZONE 'Europe/Copenhagen') = cases_breaches.year
       AND EXISTS (SELECT FROM access_roleholding r WHERE r.worker_id = access.me() AND r.role IN ('secretariat', 'reporting'))
     GROUP BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION cases_breaches(integer) TO forebyg_web;

-- Views and mails: one's own.
ALTER TABLE cases_savedview ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON cases_savedview TO forebyg_web USING (worker_id = (select access.me())) WITH CHECK (worker_id = (select access.me()));
GRANT SELECT, INSERT, DELETE ON cases_savedview TO forebyg_web;
ALTER TABLE cases_digest ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON cases_digest TO forebyg_web USING (worker_id = (select access.me())) WITH CHECK (worker_id = (select access.me()));
GRANT SELECT, INSERT, DELETE ON cases_digest TO forebyg_web;

-- The digests that are due now, noted as sent: daily ones on weekdays, weekly ones at the first run of a week. What is counted
-- is what the worker's inbox shows: the deadlines of tasks and clocks that have passed, and those within 72 hours.
CREATE FUNCTION cases_take_digests() RETURNS TABLE (who uuid, said_in text, overdue bigint, soon bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted record;
    acting CONSTANT text := current_setting('forebyg.worker', true);
    moment CONSTANT timestamptz := store.now();
    today CONSTANT date := (store.now() AT TIME ZONE 'Europe/Copenhagen')::date;
    whole uuid[];
    partial uuid[];
    participants uuid[];
BEGIN
    FOR wanted IN
        SELECT w.id, w.agency_id AS agency, w.unit_id AS unit, d.language
          FROM cases_digest d JOIN access_worker w ON w.id = d.worker_id
         WHERE w.is_active AND extract(isodow FROM today) < 6
           AND (d.sent_on IS NULL OR d.sent_on < CASE d.rhythm WHEN 'daily' THEN today ELSE date_trunc('week', today)::date END)
         ORDER BY w.id FOR UPDATE OF d SKIP LOCKED
    LOOP
        UPDATE cases_digest SET sent_on = today WHERE worker_id = wanted.id;
        PERFORM set_config('forebyg.worker', wanted.id::text, true);
        whole := access.my_whole_matters();
        partial := access.my_partial_matters();
        participants := access.my_participants();
        RETURN QUERY
        WITH task AS (
            SELECT t.matter_id, t.about, t.kind, t.due_at FROM cases_task t
             WHERE t.is_current AND t.done_at IS NULL AND t.assigned_to_id = wanted.agency AND wanted.agency = ANY (t.readers)
               AND (t.worker_id IS NULL OR t.worker_id = wanted.id)
        ), clock AS (
            SELECT c.matter_id, c.about, c.due_at, c.owner_id = wanted.agency AND wanted.agency = ANY (c.readers) AS is_own
              FROM cases_clock c
             WHERE c.is_current AND c.stopped_at IS NULL AND c.paused_at IS NULL
               AND (c.owner_id = wanted.agency OR (c.rule = 'triage' AND c.unit_id = wanted.unit))
        ), waiting AS (
            SELECT matter_id, about, due_at FROM task
            UNION ALL SELECT matter_id, about, due_at FROM clock WHERE is_own
            UNION ALL SELECT matter_id, NULL, due_at FROM clock
                       WHERE NOT is_own AND matter_id IN (SELECT matter_id FROM task WHERE kind = 'step')
        )
        SELECT wanted.id, wanted.language::text, count(*) FILTER (WHERE due_at < moment),
               count(*) FILTER (WHERE due_at >= moment AND due_at <= moment + interval '72 hours')
          FROM waiting
         WHERE matter_id = ANY (whole) OR (matter_id = ANY (partial) AND about <> '{}' AND about <@ participants);
    END LOOP;
    PERFORM set_config('forebyg.worker', coalesce(acting, ''), true);
END $$;
GRANT EXECUTE ON FUNCTION cases_take_digests() TO forebyg_worker;
"""

BACKWARD = """
DROP FUNCTION cases_take_digests();
DROP FUNCTION cases_breaches(integer);
DROP POLICY own ON cases_savedview;
DROP POLICY own ON cases_digest;
"""

_KEPT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_document_retraction")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="calendar",
            field=models.CharField(default="elapsed-hours", max_length=13),
        ),
        migrations.AddField(
            model_name="clock",
            name="explained_because",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("name", models.BinaryField()),
                ("query", models.JSONField(help_text="the filters as they stand in an address")),
                ("saved_at", models.DateTimeField()),
                ("worker", models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "worker",
                    models.OneToOneField(
                        on_delete=_KEPT, primary_key=True, related_name="+", serialize=False, to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("rhythm", models.CharField(max_length=6)),
                ("language", models.CharField(max_length=2)),
                ("sent_on", models.DateField(editable=False, null=True)),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
