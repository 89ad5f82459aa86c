"""Breaking the glass and what follows: the alarm in the lead agency's inbox, the desk's list, closing, and the review by another."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
-- Who came in by broken glass moves no case on and gives nobody the lead.
CREATE POLICY not_by_broken_glass ON cases_casemove AS RESTRICTIVE FOR INSERT TO forebyg_web
    WITH CHECK (matter_id <> ALL ((select access.my_emergency_matters())::uuid[]));
CREATE POLICY not_by_broken_glass ON cases_case AS RESTRICTIVE FOR UPDATE TO forebyg_web
    USING (true) WITH CHECK (matter_id <> ALL ((select access.my_emergency_matters())::uuid[]));

-- Who oversees the own controller's workers, and is not oneself.
CREATE FUNCTION oversight_others() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT w.id), '{}')
      FROM access_agency mine JOIN access_agency one USING (controller_id)
      JOIN access_worker w ON w.agency_id = one.id JOIN access_roleholding r ON r.worker_id = w.id
     WHERE mine.id = access.my_agency() AND r.role IN ('dpo') AND w.is_active AND NOT w.is_system AND w.id <> access.me()
$$;
GRANT EXECUTE ON FUNCTION oversight_others() TO forebyg_web;

-- The one door: open one matter by its reference. `outcome` says opened, or why not; 'nothing' is said alike of a reference that
-- does not exist and of one where the own agency takes no part. Whatever comes of it, it stands in the ledger. `tell`: whom to alarm.
CREATE FUNCTION oversight_break_glass(
    wanted text, emergency text, lasts interval, glass uuid, glass_key uuid, glass_reason bytea, given uuid,
    event uuid, event_key uuid, event_reason bytea
) RETURNS TABLE (outcome text, matter uuid, tell uuid[])
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me CONSTANT uuid := access.me();
    agency CONSTANT uuid := access.my_agency();
    sealing CONSTANT integer := 28;  -- bytes that sealing adds
    task CONSTANT uuid := gen_random_uuid();
    target uuid;
    lead uuid;
BEGIN
    IF me IS NULL OR NOT EXISTS (SELECT FROM access_roleholding r WHERE r.worker_id = me AND r.role IN (
        'secretariat', 'vink', 'ssp', 'dks', 'police', 'prison-service', 'specialist', 'ekp', 'ad-hoc', 'key-staff', 'dpo')) THEN
        RAISE EXCEPTION 'no role of the worker breaks the glass' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF emergency IS NULL OR emergency NOT IN ('life', 'child', 'departure', 'other')
       OR lasts IS NULL OR lasts <= interval '0' OR lasts > interval '24 hours'
       OR coalesce(octet_length(glass_reason), 0) < sealing + 20 OR coalesce(octet_length(event_reason), 0) < sealing + 20 THEN
        RAISE EXCEPTION 'the glass is broken for a named emergency, with a reason, for a day at most' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM FROM access_worker w WHERE w.id = me FOR NO KEY UPDATE;  -- one attempt at a time, or the limits could be passed

    WITH RECURSIVE way AS (
        SELECT m.id, m.joined_into_id FROM matters_matter m WHERE m.unit_id = access.my_unit() AND m.reference = wanted
        UNION
        SELECT m.id, m.joined_into_id FROM matters_matter m JOIN way ON m.id = way.joined_into_id
    )
    SELECT way.id INTO target FROM way JOIN access_admission a ON a.matter_id = way.id
     WHERE way.joined_into_id IS NULL AND a.agency_id = agency AND a.ended_at IS NULL AND NOT a.frame_only AND NOT a.special_only;

    outcome := CASE
        WHEN oversight_others() = '{}' THEN 'nobody-reviews'
        WHEN (SELECT count(*) FROM access_grant g WHERE g.worker_id = me AND g.reason = 'break-glass' AND g.ended_at IS NULL
              AND g.ends_at > store.now()) >= 3 THEN 'too-many'
        WHEN (SELECT count(*) FROM audit_event e WHERE e.worker_id = me AND e.agency_id = agency AND e.action = 'glass.refused'
              AND e.at > store.now() - interval '24 hours') >= 10 THEN 'too-many-attempts'
        WHEN target IS NULL THEN 'nothing'
        WHEN target = ANY (access.my_whole_matters()) THEN 'has-access'
        ELSE 'opened' END;
    IF outcome <> 'opened' THEN
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason, key_id)
        VALUES (event, store.now(), me, agency, 'glass.refused', '{}', '{}',
                jsonb_build_object('emergency', emergency, 'outcome', outcome), event_reason, event_key);
        RETURN NEXT;
        RETURN;
    END IF;

    matter := target;
    INSERT INTO access_grant (id, worker_id, matter_id, participant, reason, given_by_id, starts_at, ends_at)
    VALUES (given, me, target, NULL, 'break-glass', me, store.now(), store.now() + lasts);
    INSERT INTO access_breakglass (id, key_id, grant_id, matter_id, worker_id, agency_id, emergency, reason, broken_at, review_due_at)
    VALUES (glass, glass_key, given, target, me, agency, emergency, glass_reason, store.now(), store.now() + interval '7 days');
    INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason, key_id)
    VALUES (event, store.now(), me, agency, 'glass.broken', ARRAY[target], ARRAY[glass],
            jsonb_build_object('emergency', emergency), event_reason, event_key);
    SELECT c.lead_id INTO lead FROM cases_case c WHERE c.matter_id = target;
    IF lead IS NOT NULL THEN
        INSERT INTO cases_task (id, matter_id, owner_id, readers, about, author_id, root, version, is_current, happened_at,
                                recorded_at, kind, assigned_to_id, text)
        VALUES (task, target, lead, '{}', '{}', me, task, 1, true, store.now(), store.now(), 'break-glass', lead, '');
    END IF;
    tell := oversight_others() || ARRAY(
        SELECT DISTINCT g.worker_id FROM access_grant g JOIN access_worker w ON w.id = g.worker_id
         WHERE g.matter_id = target AND w.agency_id = lead AND w.id <> me AND w.is_active AND g.participant IS NULL
           AND g.ended_at IS NULL AND g.starts_at <= store.now() AND g.ends_at > store.now()
           AND g.worker_id <> ALL (oversight_others()));
    RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION oversight_break_glass(text, text, interval, uuid, uuid, bytea, uuid, uuid, uuid, bytea) TO forebyg_web;

-- A view runs as its owner, so this condition is its guard: the overseers of the worker's controller.
CREATE VIEW oversight_breakglass WITH (security_barrier) AS
    SELECT b.id, b.grant_id, b.matter_id, m.reference, b.worker_id, b.agency_id, b.emergency, b.broken_at, b.review_due_at,
           least(g.ended_at, g.ends_at) AS closes_at, g.ended_at IS NOT NULL AS was_closed,
           (g.ended_at IS NOT NULL OR g.ends_at <= store.now()) AS is_over,
           r.reviewed_at, r.reviewed_by_id, r.outcome
      FROM access_breakglass b JOIN access_grant g ON g.id = b.grant_id JOIN matters_matter m ON m.id = b.matter_id
      LEFT JOIN oversight_breakglassreview r ON r.glass_id = b.id
     WHERE b.agency_id = ANY ((SELECT oversight_agencies())::uuid[]);
GRANT SELECT ON oversight_breakglass TO forebyg_web;
CREATE INDEX breakglass_latest ON access_breakglass (broken_at, id);
CREATE POLICY read_overseen ON access_breakglass FOR SELECT TO forebyg_web
    USING (agency_id = ANY ((select oversight_agencies())::uuid[]));

-- The review: by an overseer who did not break this glass, once it is closed, once.
ALTER TABLE oversight_breakglassreview ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_own_controllers ON oversight_breakglassreview FOR SELECT TO forebyg_web
    USING (EXISTS (SELECT FROM oversight_breakglass o WHERE o.id = glass_id));
CREATE POLICY review_overseen ON oversight_breakglassreview FOR INSERT TO forebyg_web WITH CHECK (
    reviewed_by_id = (select access.me())
    AND EXISTS (SELECT FROM oversight_breakglass o WHERE o.id = glass_id AND o.worker_id <> (select access.me()) AND o.is_over));
GRANT SELECT, INSERT ON oversight_breakglassreview TO forebyg_web;

-- Close an opening that still runs: the worker's own, or an overseer's. Its matter, or nothing.
CREATE FUNCTION oversight_close_glass(glass uuid) RETURNS uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE access_grant g SET ended_at = store.now() FROM access_breakglass b
     WHERE b.id = glass AND g.id = b.grant_id AND g.ended_at IS NULL AND g.ends_at > store.now()
       AND (b.worker_id = access.me() OR b.agency_id = ANY (oversight_agencies()))
    RETURNING g.matter_id
$$;
GRANT EXECUTE ON FUNCTION oversight_close_glass(uuid) TO forebyg_web;
"""

BACKWARD = """
DROP FUNCTION oversight_close_glass(uuid);
DROP POLICY review_overseen ON oversight_breakglassreview;
DROP POLICY read_own_controllers ON oversight_breakglassreview;
DROP POLICY read_overseen ON access_breakglass;
DROP INDEX breakglass_latest;
DROP VIEW oversight_breakglass;
DROP FUNCTION oversight_break_glass(text, text, interval, uuid, uuid, bytea, uuid, uuid, uuid, bytea);
DROP FUNCTION oversight_others();
DROP POLICY not_by_broken_glass ON cases_case;
DROP POLICY not_by_broken_glass ON cases_casemove;
"""

_KEPT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0004_special_locks"),
        ("access", "0007_break_glass"),
        ("cases", "0009_requests"),
    ]
    operations = [
        migrations.CreateModel(
            name="OverseenBreakGlass",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("grant_id", models.UUIDField()),
                ("matter_id", models.UUIDField()),
                ("reference", models.CharField(max_length=12)),
                ("emergency", models.CharField(max_length=12)),
                ("broken_at", models.DateTimeField()),
                ("review_due_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(help_text="when it closed, or will by itself")),
                ("was_closed", models.BooleanField(help_text="somebody closed it before its time")),
                ("is_over", models.BooleanField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(max_length=16, null=True)),
            ],
            options={"db_table": "oversight_breakglass", "managed": False},
        ),
        migrations.CreateModel(
            name="BreakGlassReview",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("reviewed_at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=16)),
                ("note", models.BinaryField()),
                ("glass", models.OneToOneField(on_delete=_KEPT, related_name="+", to="access.breakglass")),
                (
                    "reviewed_by",
                    models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
