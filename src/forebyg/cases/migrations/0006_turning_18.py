"""What a job may know and do about who turns 18: sealed dates of birth, and a task with a fixed word."""

from django.db import migrations

FORWARD = """
-- Dates of birth as they lie sealed, of persons in cases that go on: the job opens them with the key store, and sees no name.
CREATE FUNCTION cases_births() RETURNS TABLE (id uuid, root uuid, key_id uuid, born_on bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.root, p.key_id, p.born_on
      FROM people_participant p JOIN cases_case c ON c.matter_id = p.matter_id
     WHERE p.is_current AND p.key_id IS NOT NULL AND c.ended_at IS NULL
$$;
GRANT EXECUTE ON FUNCTION cases_births() TO forebyg_worker;

-- The agency that recorded the person gets a task with this word, once within two months. How many there were.
CREATE FUNCTION cases_notice_birthday(word text, persons uuid[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one record;
    task uuid;
    made integer := 0;
BEGIN
    IF word NOT IN ('turns-18-soon', 'turned-18') THEN
        RAISE EXCEPTION 'no such word' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR one IN
        SELECT p.root, p.matter_id, p.owner_id,
               (SELECT w.id FROM access_worker w WHERE w.is_system AND w.unit_id = c.unit_id ORDER BY w.id LIMIT 1) AS system
          FROM people_participant p JOIN cases_case c ON c.matter_id = p.matter_id
         WHERE p.root = ANY (persons) AND p.is_current AND c.ended_at IS NULL
         ORDER BY p.root FOR UPDATE OF p SKIP LOCKED
    LOOP
        IF one.system IS NULL THEN
            RAISE WARNING 'a unit has no system worker, so nobody is told who turns 18';
            CONTINUE;
        END IF;
        IF EXISTS (SELECT FROM cases_task t WHERE t.matter_id = one.matter_id AND t.kind = word AND t.about = ARRAY[one.root]
                      AND t.happened_at > store.now() - interval '2 months') THEN
            CONTINUE;
        END IF;
        task := gen_random_uuid();
        INSERT INTO cases_task (id, matter_id, owner_id, readers, about, author_id, root, version, is_current, happened_at,
                                recorded_at, kind, assigned_to_id, text)
        VALUES (task, one.matter_id, one.owner_id, '{}', ARRAY[one.root], one.system, task, 1, true, store.now(),
                store.now(), word, one.owner_id, '');
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
        VALUES (gen_random_uuid(), store.now(), one.system, one.owner_id, 'birthday.noticed', ARRAY[one.matter_id], ARRAY[one.root],
                jsonb_build_object('kind', word), '');
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION cases_notice_birthday(text, uuid[]) TO forebyg_worker;
"""

BACKWARD = """
DROP FUNCTION cases_births();
DROP FUNCTION cases_notice_birthday(text, uuid[]);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_jobs"), ("people", "0002_consents")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
