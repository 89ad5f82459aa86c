"""Frame and records of a case get their protection; step, readers and timeline follow recorded facts by trigger."""

from django.db import migrations

FORWARD = """
SELECT access.guard_frame('cases_case');
SELECT access.guard_frame('cases_casemove');
-- step, outcome, ended_at and version are the trigger's; the rest is written once.
REVOKE INSERT ON cases_case FROM forebyg_web;
GRANT INSERT (id, matter_id, unit_id, lead_id, step, outcome, opened_at, moved_at, ended_at, version, reopens_id) ON cases_case TO forebyg_web;
GRANT UPDATE (lead_id) ON cases_case TO forebyg_web;
CREATE POLICY change_whole ON cases_case FOR UPDATE TO forebyg_web USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]));
ALTER POLICY write_whole ON cases_case WITH CHECK (
    matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND unit_id = (select access.my_unit())
    AND step = 1 AND outcome = '' AND ended_at IS NULL AND version = 0);
ALTER POLICY write_whole ON cases_casemove WITH CHECK (
    matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND unit_id = (select access.my_unit())
    AND worker_id = (select access.me()) AND agency_id = (select access.my_agency()));

-- A case stands where its last move left it.
CREATE FUNCTION cases_follow_move() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_case
       SET step = NEW.to_step, outcome = NEW.outcome, moved_at = NEW.at, version = NEW.number,
           ended_at = CASE WHEN NEW.to_step = 10 THEN NEW.at END
     WHERE id = NEW.case_id AND matter_id = NEW.matter_id AND step = NEW.from_step AND version = NEW.number - 1
       AND moved_at <= NEW.at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the move does not begin where and when the case stands' USING ERRCODE = 'serialization_failure';
    END IF;
    UPDATE cases_task SET done_at = NEW.at, done_by_id = NEW.worker_id
     WHERE matter_id = NEW.matter_id AND kind = 'step' AND done_at IS NULL;
    IF NEW.outcome = 'handed-to-pet' THEN
        -- What remains for everyone but the police is the frame; follow-up stands still (R-060).
        UPDATE access_admission SET frame_only = true WHERE matter_id = NEW.matter_id AND agency_id <> NEW.agency_id;
        UPDATE cases_clock SET paused_at = NEW.at WHERE matter_id = NEW.matter_id AND stopped_at IS NULL AND paused_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_move AFTER INSERT ON cases_casemove FOR EACH ROW EXECUTE FUNCTION cases_follow_move();

SELECT access.guard_record(name) FROM unnest(ARRAY[
    'people_participant', 'people_relation', 'cases_item', 'cases_qualification', 'cases_assessment', 'cases_decision',
    'cases_meeting', 'cases_alarm', 'cases_alarmend', 'cases_proceduretick', 'cases_offer', 'cases_answer', 'cases_course',
    'cases_courseevent', 'cases_journallink']) AS name;
SELECT access.guard_record('cases_timelineentry', can_be_disclosed => false);
SELECT access.guard_record('cases_clock', NULL, ARRAY['due_at', 'paused_at', 'stopped_at', 'explained_at'], false);
SELECT access.guard_record('cases_task', 'assigned_to_id', ARRAY['done_at', 'done_by_id', 'worker_id'], false);
SELECT access.guard_record('cases_disclosure', 'recipient_id', ARRAY['withdrawn_at'], false);
ALTER TABLE cases_disclosure ADD CHECK (version = 1);
-- Whoever takes responsibility stops the triage clock, also when another agency started it.
ALTER POLICY change_own ON cases_clock USING (
    matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND (rule = 'triage' OR (select access.my_agency()) = ANY (readers)));
-- A clock stands on the board of its own unit.
ALTER POLICY write_whole ON cases_clock WITH CHECK (
    matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND owner_id = (select access.my_agency())
    AND author_id = (select access.me()) AND unit_id = (select access.my_unit()));
ALTER POLICY write_part ON cases_clock WITH CHECK (
    matter_id = ANY ((select access.my_partial_matters())::uuid[]) AND about <@ (select access.my_participants()) AND about <> '{}'
    AND owner_id = (select access.my_agency()) AND author_id = (select access.me()) AND unit_id = (select access.my_unit()));
-- Done is done by the one who says so.
ALTER POLICY change_own ON cases_task WITH CHECK (done_by_id IS NULL OR done_by_id = (select access.me()));
-- A disclosure is withdrawn, once, by its owner.
ALTER POLICY change_own ON cases_disclosure
    USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND owner_id = (select access.my_agency()) AND withdrawn_at IS NULL)
    WITH CHECK (withdrawn_at IS NOT NULL);

-- The board sees the triage clock of every matter of its unit: how long is left, not why.
CREATE POLICY read_board ON cases_clock FOR SELECT TO forebyg_web
    USING (rule = 'triage' AND unit_id = ANY ((select access.my_board_units())::uuid[]));

-- Everyone admitted sees the triage clock of the matter: it belongs to the frame.
CREATE POLICY read_frame ON cases_clock FOR SELECT TO forebyg_web
    USING (rule = 'triage' AND matter_id = ANY ((select access.my_matters())::uuid[]));

-- The readers of a record: its owner, then whom it is disclosed to. A timeline entry follows its record.
CREATE FUNCTION cases_follow_disclosure() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    target record;
    everyone uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM access_record_table WHERE name = NEW.record_table AND can_be_disclosed) THEN
        RAISE EXCEPTION 'no such kind of record' USING ERRCODE = 'foreign_key_violation';
    END IF;
    EXECUTE format('SELECT owner_id, matter_id, about FROM %I WHERE root = $1 AND is_current FOR UPDATE', NEW.record_table)
        INTO target USING NEW.record_root;
    IF target IS NULL OR target.matter_id <> NEW.matter_id THEN
        RAISE EXCEPTION 'no such record in the matter' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF target.owner_id <> NEW.owner_id OR NEW.owner_id IS DISTINCT FROM access.my_agency() THEN
        RAISE EXCEPTION 'only the owner discloses' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT access.in_reach(target.matter_id, target.about) THEN
        RAISE EXCEPTION 'the record is not within reach' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM access_admission WHERE matter_id = NEW.matter_id AND agency_id = NEW.recipient_id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'the recipient is not admitted to the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT ARRAY[target.owner_id] || coalesce(array_agg(recipient_id ORDER BY recorded_at, id), '{}') INTO everyone
      FROM cases_disclosure WHERE record_root = NEW.record_root AND withdrawn_at IS NULL;
    EXECUTE format('UPDATE %I SET readers = $1 WHERE root = $2', NEW.record_table) USING everyone, NEW.record_root;
    UPDATE cases_timelineentry SET readers = everyone WHERE record_root = NEW.record_root AND owner_id = NEW.owner_id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_disclosure AFTER INSERT OR UPDATE OF withdrawn_at ON cases_disclosure
    FOR EACH ROW EXECUTE FUNCTION cases_follow_disclosure();

-- How many there are in all, so that nobody dismisses or closes over what another agency knows. Numbers, nothing else.
CREATE FUNCTION cases_whole_picture(target uuid) RETURNS TABLE (subjects bigint, running_courses bigint, open_alarms bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT count(*) FROM people_participant WHERE matter_id = target AND is_current AND is_subject),
           (SELECT count(*) FROM cases_course c WHERE c.matter_id = target AND c.is_current AND coalesce((
                SELECT e.kind FROM cases_courseevent e
                 WHERE e.course = c.root AND e.is_current AND e.kind NOT IN ('session', 'missed', 'focus')
                 ORDER BY happened_at DESC, recorded_at DESC, id DESC LIMIT 1), 'started') IN ('started', 'resumed')),
           (SELECT count(*) FROM cases_alarm a WHERE a.matter_id = target AND a.is_current
               AND NOT EXISTS (SELECT FROM cases_alarmend e WHERE e.alarm = a.root AND e.is_current))
     WHERE target = ANY (access.my_whole_matters())
$$;
GRANT EXECUTE ON FUNCTION cases_whole_picture(uuid) TO forebyg_web;

-- Where a case goes on that was reopened: told to those who have the earlier matter whole, so that it is reopened once (R-034).
CREATE FUNCTION cases_reopened_as(earlier uuid) RETURNS TABLE (matter_id uuid, reference text, lead text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.matter_id, m.reference, a.name
      FROM cases_case c JOIN matters_matter m ON m.id = c.matter_id JOIN access_agency a ON a.id = c.lead_id
      JOIN cases_case e ON e.id = c.reopens_id
     WHERE e.id = earlier AND e.matter_id = ANY (access.my_whole_matters())
$$;
GRANT EXECUTE ON FUNCTION cases_reopened_as(uuid) TO forebyg_web;

-- Drafts: one's own, nobody else's.
ALTER TABLE cases_draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON cases_draft TO forebyg_web USING (worker_id = (select access.me())) WITH CHECK (worker_id = (select access.me()));
GRANT SELECT, INSERT, UPDATE, DELETE ON cases_draft TO forebyg_web;

-- Tokens of forms: one's own.
ALTER TABLE cases_usedform ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON cases_usedform TO forebyg_web USING (worker_id = (select access.me())) WITH CHECK (worker_id = (select access.me()));
GRANT SELECT, INSERT ON cases_usedform TO forebyg_web;

-- Facts: written by actions, read by statistics.
ALTER TABLE cases_fact ENABLE ROW LEVEL SECURITY;
CREATE POLICY append ON cases_fact FOR INSERT TO forebyg_web WITH CHECK (unit_id = (select access.my_unit()));
CREATE POLICY read_all ON cases_fact FOR SELECT TO forebyg_stats USING (true);
GRANT INSERT ON cases_fact TO forebyg_web;
GRANT SELECT ON cases_fact TO forebyg_stats;
"""

BACKWARD = """
DROP FUNCTION cases_follow_move() CASCADE;
DROP FUNCTION cases_follow_disclosure() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_case"),
        ("people", "0001_participants"),
        ("access", "0002_policies"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
