"""What jobs may do in cases: these named functions and nothing else."""

from django.db import migrations

FORWARD = """
-- A clock that ran out without being stopped: its agency gets a task to act or explain, once. How many there were.
-- A unit without a system worker is named in the server's log and does not stop the others; its clocks are tried again.
CREATE FUNCTION cases_escalate_overdue() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    late record;
    task uuid;
    escalated integer := 0;
BEGIN
    FOR late IN
        SELECT id, root, matter_id, owner_id, unit_id, rule,
               (SELECT w.id FROM access_worker w WHERE w.is_system AND w.unit_id = cases_clock.unit_id ORDER BY w.id LIMIT 1) AS system
          FROM cases_clock
         WHERE stopped_at IS NULL AND paused_at IS NULL AND escalated_at IS NULL AND is_current AND due_at < store.now()
         ORDER BY due_at FOR UPDATE SKIP LOCKED
    LOOP
        IF late.system IS NULL THEN
            RAISE WARNING 'unit % has no system worker, so an overdue clock is not escalated', late.unit_id;
            CONTINUE;
        END IF;
        task := gen_random_uuid();
        UPDATE cases_clock SET escalated_at = store.now() WHERE id = late.id;
        INSERT INTO cases_task (id, matter_id, owner_id, readers, about, author_id, root, version, is_current, happened_at,
                                recorded_at, kind, assigned_to_id, text)
        VALUES (task, late.matter_id, late.owner_id, '{}', '{}', late.system, task, 1, true, store.now(),
                store.now(), 'explain-breach', late.owner_id, '');
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
        VALUES (gen_random_uuid(), store.now(), late.system, late.owner_id, 'clock.escalated', ARRAY[late.matter_id], ARRAY[late.root],
                jsonb_build_object('rule', late.rule), '');
        escalated := escalated + 1;
    END LOOP;
    RETURN escalated;
END $$;
GRANT EXECUTE ON FUNCTION cases_escalate_overdue() TO forebyg_worker;

-- Drafts that nobody sent, and tokens of forms long sent. How many rows.
CREATE FUNCTION cases_forget_old_forms() RETURNS integer
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH drafts AS (DELETE FROM cases_draft WHERE saved_at < store.now() - interval '30 days' RETURNING 1),
         tokens AS (DELETE FROM cases_usedform WHERE used_at < store.now() - interval '30 days' RETURNING 1)
    SELECT ((SELECT count(*) FROM drafts) + (SELECT count(*) FROM tokens))::integer
$$;
GRANT EXECUTE ON FUNCTION cases_forget_old_forms() TO forebyg_worker;
GRANT USAGE ON SCHEMA access, store TO forebyg_worker;
"""

BACKWARD = """
DROP FUNCTION cases_escalate_overdue();
DROP FUNCTION cases_forget_old_forms();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_protection")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
