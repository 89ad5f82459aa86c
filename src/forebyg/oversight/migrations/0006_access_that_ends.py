"""Access that ends by itself with what it was given for; reviews that end an access and have a next one; late reviews of broken
glass (B-024, B-025)."""

from django.db import migrations, models

FORWARD = """
-- Both run when the transaction commits: whoever completes a task or answers a request acts to the end before the access is gone.

-- A grant ends with the task that it was given for. The task of a step ends when the case moves on, so a grant for the unit's
-- discussion ends when the item of the agenda was discussed.
CREATE FUNCTION oversight_end_with_task() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone record;
BEGIN
    FOR gone IN
        UPDATE access_grant g SET ended_at = store.now()
         WHERE g.given_for = NEW.root AND g.ended_at IS NULL AND g.ends_at > store.now() RETURNING g.id, g.matter_id
    LOOP
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
        VALUES (gen_random_uuid(), store.now(), access.me(), access.my_agency(), 'access.ended', ARRAY[gone.matter_id], ARRAY[NEW.root],
                jsonb_build_object('grant', gone.id, 'with', 'task'), '');
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ends_grants AFTER UPDATE OF done_at ON cases_task DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.done_at IS NULL AND NEW.done_at IS NOT NULL) EXECUTE FUNCTION oversight_end_with_task();

-- An agency that was let in to answer a request has no place left once nothing waits for it, nothing that was told to it or by it
-- stands (what it told it must be able to correct), and nobody of it holds a course. Its own records stay its own: whoever leads
-- the case can let it in again. The argument names the column with the agency.
CREATE FUNCTION oversight_end_seat() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    agency CONSTANT uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
    seat access_admission;
    gone record;
BEGIN
    SELECT * INTO seat FROM access_admission a
     WHERE a.matter_id = NEW.matter_id AND a.agency_id = agency AND a.ended_at IS NULL AND (
           a.given_for IS NOT NULL OR EXISTS (
               SELECT FROM access_grant g JOIN access_worker w ON w.id = g.worker_id
                WHERE g.matter_id = a.matter_id AND w.agency_id = a.agency_id AND g.ended_at IS NULL
                  AND g.reason = 'contact' AND g.given_for IS NOT NULL))
       FOR UPDATE;
    IF seat.id IS NULL
       OR EXISTS (SELECT FROM cases_task t WHERE t.matter_id = seat.matter_id AND t.assigned_to_id = seat.agency_id AND t.done_at IS NULL AND t.is_current)
       OR EXISTS (SELECT FROM cases_case c WHERE c.matter_id = seat.matter_id AND c.lead_id = seat.agency_id)
       OR EXISTS (SELECT FROM cases_disclosure d WHERE d.matter_id = seat.matter_id AND seat.agency_id IN (d.recipient_id, d.owner_id) AND d.withdrawn_at IS NULL AND d.is_current)
       OR EXISTS (SELECT FROM cases_clock k WHERE k.matter_id = seat.matter_id AND k.owner_id = seat.agency_id AND k.stopped_at IS NULL AND k.is_current)
       OR EXISTS (SELECT FROM access_grant g JOIN access_worker w ON w.id = g.worker_id
                   WHERE g.matter_id = seat.matter_id AND w.agency_id = seat.agency_id AND g.ended_at IS NULL AND g.participant IS NOT NULL
                     AND g.ends_at > store.now()) THEN
        RETURN NULL;
    END IF;
    FOR gone IN
        UPDATE access_grant g SET ended_at = store.now() FROM access_worker w
         WHERE w.id = g.worker_id AND w.agency_id = seat.agency_id AND g.matter_id = seat.matter_id AND g.ended_at IS NULL
           AND g.ends_at > store.now() AND (seat.given_for IS NOT NULL OR (g.reason = 'contact' AND g.given_for IS NOT NULL)) RETURNING g.id
    LOOP
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
        VALUES (gen_random_uuid(), store.now(), access.me(), access.my_agency(), 'access.ended', ARRAY[seat.matter_id], '{}',
                jsonb_build_object('grant', gone.id, 'with', 'request'), '');
    END LOOP;
    IF seat.given_for IS NOT NULL THEN
        UPDATE access_admission SET ended_at = store.now() WHERE id = seat.id;
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
        VALUES (gen_random_uuid(), store.now(), access.me(), access.my_agency(), 'admission.ended', ARRAY[seat.matter_id], '{}',
                jsonb_build_object('agency', seat.agency_id, 'with', 'request'), '');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ends_seat AFTER UPDATE OF done_at ON cases_task DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.done_at IS NULL AND NEW.done_at IS NOT NULL) EXECUTE FUNCTION oversight_end_seat('assigned_to_id');
CREATE CONSTRAINT TRIGGER ends_seat AFTER UPDATE OF withdrawn_at ON cases_disclosure DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL) EXECUTE FUNCTION oversight_end_seat('owner_id');

-- An overseer ends a running grant of the own controller's workers, never the own. Its matter, or nothing.
CREATE FUNCTION oversight_end_access(wanted uuid) RETURNS uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE access_grant g SET ended_at = store.now() FROM oversight_grant o
     WHERE o.id = wanted AND g.id = o.id AND o.worker_id <> access.me() AND g.ended_at IS NULL AND g.ends_at > store.now()
    RETURNING g.matter_id
$$;
GRANT EXECUTE ON FUNCTION oversight_end_access(uuid) TO forebyg_web;

UPDATE oversight_grantreview SET next_at = reviewed_at + interval '180 days';
ALTER TABLE oversight_grantreview ALTER COLUMN next_at SET NOT NULL, ADD CHECK (next_at > reviewed_at);

-- Reviews of broken glass that are late: each a week after the last reminder. Whom to remind: the overseers but the one who broke it.
-- An opening in a unit without a system worker waits until there is one.
CREATE FUNCTION oversight_late_reviews() RETURNS uuid[]
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    late record;
    tell uuid[] := '{}';
BEGIN
    FOR late IN
        SELECT b.id, b.matter_id, b.agency_id, b.worker_id, a.controller_id,
               (SELECT w.id FROM access_worker w JOIN matters_matter m ON m.unit_id = w.unit_id
                 WHERE m.id = b.matter_id AND w.is_system ORDER BY w.id LIMIT 1) AS system
          FROM access_breakglass b JOIN access_agency a ON a.id = b.agency_id
         WHERE b.review_due_at < store.now() AND coalesce(b.reminded_at < store.now() - interval '7 days', true)
           AND NOT EXISTS (SELECT FROM oversight_breakglassreview r WHERE r.glass_id = b.id)
         ORDER BY b.review_due_at FOR UPDATE OF b SKIP LOCKED
    LOOP
        CONTINUE WHEN late.system IS NULL;
        UPDATE access_breakglass SET reminded_at = store.now() WHERE id = late.id;
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
        VALUES (gen_random_uuid(), store.now(), late.system, late.agency_id, 'glass.review-late', ARRAY[late.matter_id], ARRAY[late.id], '{}', '');
        tell := tell || ARRAY(
            SELECT w.id FROM access_worker w JOIN access_agency one ON one.id = w.agency_id JOIN access_roleholding r ON r.worker_id = w.id
             WHERE one.controller_id = late.controller_id AND r.role IN ('dpo') AND w.is_active AND NOT w.is_system AND w.id <> late.worker_id);
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT one FROM unnest(tell) AS one ORDER BY 1);
END $$;
GRANT EXECUTE ON FUNCTION oversight_late_reviews() TO forebyg_worker;
"""

BACKWARD = """
DROP FUNCTION oversight_late_reviews();
DROP FUNCTION oversight_end_access(uuid);
DROP TRIGGER ends_seat ON cases_disclosure;
DROP TRIGGER ends_seat ON cases_task;
DROP FUNCTION oversight_end_seat();
DROP TRIGGER ends_grants ON cases_task;
DROP FUNCTION oversight_end_with_task();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0005_break_glass"),
        ("access", "0009_given_for_something"),
        ("sharing", "0003_requests"),
    ]
    operations = [
        migrations.AddField(model_name="grantreview", name="next_at", field=models.DateTimeField(null=True)),
        migrations.RunSQL(
            FORWARD,
            BACKWARD,
            state_operations=[
                migrations.AlterField(
                    model_name="grantreview",
                    name="next_at",
                    field=models.DateTimeField(help_text="when it is to be looked at again"),
                ),
            ],
        ),
    ]
