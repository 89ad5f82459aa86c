"""The policy functions that read grants, and the two shapes of protection: a record about a person, and a matter's frame.

Functions run as the owner (SECURITY DEFINER), are STABLE and are called inside `(select …)`, so they run once a query.
An unset identity reads '' and gives no rows: everything fails closed.
"""

from django.db import migrations

FORWARD = """
CREATE SCHEMA access;
GRANT USAGE ON SCHEMA access TO forebyg_web, forebyg_worker;

CREATE FUNCTION access.me() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM access_worker
    WHERE id = nullif(current_setting('forebyg.worker', true), '')::uuid AND is_active
$$;

CREATE FUNCTION access.my_agency() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT agency_id FROM access_worker WHERE id = access.me()
$$;

CREATE FUNCTION access.my_unit() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT unit_id FROM access_worker WHERE id = access.me()
$$;

-- A grant counts while it runs and while the worker's agency is admitted to the matter; where only the frame is left of an
-- admission, it gives the frame.
CREATE VIEW access.live_grant AS
    SELECT g.matter_id, g.participant, a.frame_only
    FROM access_worker w
    JOIN access_grant g ON g.worker_id = w.id
    JOIN access_admission a ON a.matter_id = g.matter_id AND a.ended_at IS NULL
    WHERE w.id = (SELECT access.me()) AND a.agency_id = w.agency_id
      AND g.ended_at IS NULL AND g.starts_at <= (SELECT store.now()) AND g.ends_at > (SELECT store.now());

CREATE FUNCTION access.my_whole_matters() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT matter_id), '{}') FROM access.live_grant WHERE participant IS NULL AND NOT frame_only
$$;

CREATE FUNCTION access.my_partial_matters() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT matter_id), '{}') FROM access.live_grant WHERE participant IS NOT NULL AND NOT frame_only
$$;

CREATE FUNCTION access.my_participants() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT participant), '{}') FROM access.live_grant WHERE participant IS NOT NULL AND NOT frame_only
$$;

CREATE FUNCTION access.my_matters() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT matter_id), '{}') FROM access.live_grant
$$;

-- The unit-wide duty of the secretariat: the frame of all matters of the unit (R-213), never content.
CREATE FUNCTION access.my_board_units() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT w.unit_id), '{}')
    FROM access_worker w JOIN access_roleholding r ON r.worker_id = w.id
    WHERE w.id = access.me() AND r.role IN ('secretariat')
$$;

-- A grant: given by oneself, to a worker of an admitted agency, by someone who has the whole matter;
-- the first grant of a new matter goes to the one who made it, and a later one to oneself lasts 30 days at most.
CREATE FUNCTION access.check_grant() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.given_by_id IS DISTINCT FROM access.me() THEN
        RAISE EXCEPTION 'a grant is given by the one who acts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM access_admission a JOIN access_worker w ON w.agency_id = a.agency_id
                   WHERE a.matter_id = NEW.matter_id AND a.ended_at IS NULL AND w.id = NEW.worker_id) THEN
        RAISE EXCEPTION 'the agency of the worker is not admitted to the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT (NEW.matter_id = ANY (access.my_whole_matters())) AND
       (NEW.worker_id IS DISTINCT FROM access.me()
        OR EXISTS (SELECT FROM access_grant g WHERE g.matter_id = NEW.matter_id)) THEN
        RAISE EXCEPTION 'only one who has the whole matter may give access to it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.worker_id = access.me() AND NEW.ends_at > store.now() + interval '30 days'
       AND EXISTS (SELECT FROM access_grant g WHERE g.matter_id = NEW.matter_id) THEN
        RAISE EXCEPTION 'the own access is prolonged by 30 days at most' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_grant BEFORE INSERT ON access_grant FOR EACH ROW EXECUTE FUNCTION access.check_grant();

-- An admission: by someone who has the whole matter; the first one of a new matter is one's own agency.
CREATE FUNCTION access.check_admission() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.admitted_by_id IS DISTINCT FROM access.me() THEN
        RAISE EXCEPTION 'an admission is made by the one who acts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM access_membership m JOIN matters_matter t ON t.unit_id = m.unit_id
                   WHERE t.id = NEW.matter_id AND m.agency_id = NEW.agency_id) THEN
        RAISE EXCEPTION 'the agency has no seat in the unit of the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT (NEW.matter_id = ANY (access.my_whole_matters())) AND
       (NEW.agency_id IS DISTINCT FROM access.my_agency()
        OR EXISTS (SELECT FROM access_admission a WHERE a.matter_id = NEW.matter_id)) THEN
        RAISE EXCEPTION 'only one who has the whole matter may admit an agency to it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_admission BEFORE INSERT ON access_admission FOR EACH ROW EXECUTE FUNCTION access.check_admission();

-- Every kind of record, so that a disclosure can name it and a table of records without protection can be found.
CREATE TABLE access_record_table (name text PRIMARY KEY, can_be_disclosed boolean NOT NULL);

-- Whose each record is, so that an event which names a record can be told to its owner's controller. Ids only.
CREATE TABLE access_record_owner (
    root uuid PRIMARY KEY,
    owner_id uuid NOT NULL,
    matter_id uuid NOT NULL,
    kind text NOT NULL
);

-- Whether what is about these participants of this matter is the worker's to know, whoever reads it.
CREATE FUNCTION access.in_reach(matter uuid, about uuid[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT matter = ANY (access.my_whole_matters())
        OR (matter = ANY (access.my_partial_matters()) AND about <> '{}' AND about <@ access.my_participants())
$$;

-- The owner comes first among the readers; a new version takes over readers and place of the one before.
-- An argument names a column with one more reader, given by the row itself.
CREATE FUNCTION access.own_record() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    previous record;
    further uuid;
BEGIN
    NEW.is_current := true;
    IF NEW.version = 1 THEN
        NEW.root := NEW.id;
        NEW.readers := ARRAY[NEW.owner_id];
        IF TG_NARGS > 0 THEN
            further := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
            IF further IS NOT NULL AND further <> NEW.owner_id THEN
                NEW.readers := NEW.readers || further;
            END IF;
        END IF;
        INSERT INTO access_record_owner VALUES (NEW.root, NEW.owner_id, NEW.matter_id, TG_TABLE_NAME);
    ELSE
        EXECUTE format('SELECT owner_id, matter_id, readers, version, about FROM %s WHERE root = $1 AND is_current FOR UPDATE', TG_RELID::regclass)
            INTO previous USING NEW.root;
        IF previous IS NULL OR previous.owner_id <> NEW.owner_id OR previous.matter_id <> NEW.matter_id
           OR previous.version <> NEW.version - 1
           OR NOT access.in_reach(previous.matter_id, previous.about) THEN
            RAISE EXCEPTION 'a new version follows the current one of the same owner and matter' USING ERRCODE = 'serialization_failure';
        END IF;
        EXECUTE format('UPDATE %s SET is_current = false WHERE root = $1 AND is_current', TG_RELID::regclass) USING NEW.root;
        NEW.readers := previous.readers;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION access.guard_record(
    target text, further_reader text DEFAULT NULL, updatable text[] DEFAULT '{}', can_be_disclosed boolean DEFAULT true
) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    whole CONSTANT text := 'matter_id = ANY ((select access.my_whole_matters())::uuid[])';
    part CONSTANT text := 'matter_id = ANY ((select access.my_partial_matters())::uuid[])'
        ' AND about <@ (select access.my_participants()) AND about <> ''{}''';
    reader CONSTANT text := '(select access.my_agency()) = ANY (readers)';
    mine CONSTANT text := 'owner_id = (select access.my_agency())';
    author CONSTANT text := 'author_id = (select access.me())';
BEGIN
    INSERT INTO access_record_table VALUES (target, can_be_disclosed);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY read_whole ON %I FOR SELECT TO forebyg_web USING (%s AND %s)', target, whole, reader);
    EXECUTE format('CREATE POLICY read_part ON %I FOR SELECT TO forebyg_web USING (%s AND %s)', target, part, reader);
    EXECUTE format('CREATE POLICY write_whole ON %I FOR INSERT TO forebyg_web WITH CHECK (%s AND %s AND %s)', target, whole, mine, author);
    EXECUTE format('CREATE POLICY write_part ON %I FOR INSERT TO forebyg_web WITH CHECK (%s AND %s AND %s)', target, part, mine, author);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO forebyg_web', target);
    IF cardinality(updatable) > 0 THEN
        EXECUTE format('CREATE POLICY change_own ON %I FOR UPDATE TO forebyg_web USING (%s AND %s)', target, whole, reader);
        EXECUTE format('GRANT UPDATE (%s) ON %I TO forebyg_web', array_to_string(updatable, ', '), target);
    END IF;
    EXECUTE format('CREATE TRIGGER own_record BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION access.own_record(%s)',
                   target, coalesce(quote_literal(further_reader), ''));
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (root, version)', target || '_version', target);
    EXECUTE format('CREATE INDEX %I ON %I (matter_id, happened_at DESC)', target || '_by_matter', target);
    EXECUTE format('ALTER TABLE %I ADD CHECK (readers[1] = owner_id)', target);
END $$;

CREATE FUNCTION access.guard_frame(target text, updatable text[] DEFAULT '{}') RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    known CONSTANT text := 'matter_id = ANY ((select access.my_matters())::uuid[])';
    whole CONSTANT text := 'matter_id = ANY ((select access.my_whole_matters())::uuid[])';
    board CONSTANT text := 'unit_id = ANY ((select access.my_board_units())::uuid[])';
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY read_known ON %I FOR SELECT TO forebyg_web USING (%s)', target, known);
    EXECUTE format('CREATE POLICY read_board ON %I FOR SELECT TO forebyg_web USING (%s)', target, board);
    EXECUTE format('CREATE POLICY write_whole ON %I FOR INSERT TO forebyg_web WITH CHECK (%s)', target, whole);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO forebyg_web', target);
    IF cardinality(updatable) > 0 THEN
        EXECUTE format('CREATE POLICY change_whole ON %I FOR UPDATE TO forebyg_web USING (%s)', target, whole);
        EXECUTE format('GRANT UPDATE (%s) ON %I TO forebyg_web', array_to_string(updatable, ', '), target);
    END IF;
END $$;

-- The bare root.
ALTER TABLE matters_matter ADD CONSTRAINT matter_unit FOREIGN KEY (unit_id) REFERENCES access_unit (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE matters_matter ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_known ON matters_matter FOR SELECT TO forebyg_web USING (id = ANY ((select access.my_matters())::uuid[]));
CREATE POLICY read_board ON matters_matter FOR SELECT TO forebyg_web USING (unit_id = ANY ((select access.my_board_units())::uuid[]));
CREATE POLICY begin_in_own_unit ON matters_matter FOR INSERT TO forebyg_web WITH CHECK (unit_id = (select access.my_unit()));
GRANT SELECT, INSERT ON matters_matter TO forebyg_web;

CREATE TABLE matters_counter (
    unit_id uuid NOT NULL REFERENCES access_unit (id),
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (unit_id, year)
);
-- The next reference of one's own unit, '2026-0147'; one at a time, in order.
CREATE FUNCTION access.next_reference() RETURNS text
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO matters_counter AS c VALUES (access.my_unit(), extract(year FROM store.now()), 1)
    ON CONFLICT (unit_id, year) DO UPDATE SET last = c.last + 1
    RETURNING year || '-' || lpad(last::text, greatest(4, length(last::text)), '0')
$$;

-- The matter that a reference leads to, over every join, when the worker knows it; else nothing. A reference resolves for ever.
CREATE FUNCTION access.resolve_reference(wanted text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE way AS (
        SELECT id, joined_into_id FROM matters_matter WHERE unit_id = access.my_unit() AND reference = wanted
        UNION
        SELECT m.id, m.joined_into_id FROM matters_matter m JOIN way ON m.id = way.joined_into_id
    )
    SELECT id FROM way WHERE joined_into_id IS NULL AND id = ANY (access.my_matters())
$$;

-- Grants and admissions: one's own, and those of matters that one has whole.
ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_own ON access_grant FOR SELECT TO forebyg_web USING (worker_id = (select access.me()));
CREATE POLICY read_whole ON access_grant FOR SELECT TO forebyg_web USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]));
CREATE POLICY give ON access_grant FOR INSERT TO forebyg_web WITH CHECK (given_by_id = (select access.me()));
CREATE POLICY end_whole ON access_grant FOR UPDATE TO forebyg_web
    USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND ended_at IS NULL) WITH CHECK (ended_at IS NOT NULL);
GRANT SELECT, INSERT, UPDATE (ended_at) ON access_grant TO forebyg_web;
ALTER TABLE access_admission ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_known ON access_admission FOR SELECT TO forebyg_web USING (matter_id = ANY ((select access.my_matters())::uuid[]));
CREATE POLICY admit ON access_admission FOR INSERT TO forebyg_web WITH CHECK (admitted_by_id = (select access.me()));
CREATE POLICY end_whole ON access_admission FOR UPDATE TO forebyg_web
    USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND ended_at IS NULL) WITH CHECK (ended_at IS NOT NULL);
GRANT SELECT, INSERT, UPDATE (ended_at) ON access_admission TO forebyg_web;

-- Who is who is known to every worker; what a worker may change of it is the own password and last sign-in.
GRANT SELECT ON access_controller, access_agency, access_unit, access_membership, access_worker, access_roleholding TO forebyg_web;
ALTER TABLE access_worker ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_all ON access_worker FOR SELECT TO forebyg_web USING (true);
-- Before anyone is signed in, sign-in itself notes when.
CREATE POLICY change_own ON access_worker FOR UPDATE TO forebyg_web USING (id = coalesce((select access.me()), id));
GRANT UPDATE (password, last_login) ON access_worker TO forebyg_web;

-- The ledger: insert only, and only as oneself.
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY append ON audit_event FOR INSERT TO forebyg_web WITH CHECK (
    worker_id IS NOT DISTINCT FROM (select access.me()) AND agency_id IS NOT DISTINCT FROM (select access.my_agency()));
-- Somebody unknown, who has the password of this one account, fails at the second factor: its agency's overseers are told.
CREATE POLICY append_of_stranger ON audit_event FOR INSERT TO forebyg_web WITH CHECK (
    (select access.me()) IS NULL AND worker_id IS NULL AND action = 'second-factor-failed' AND matter_ids = '{}'
    AND cardinality(record_ids) = 1 AND agency_id = (SELECT w.agency_id FROM access_worker w WHERE w.id = record_ids[1]));
GRANT INSERT (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason, key_id) ON audit_event TO forebyg_web;

-- Sessions and sign-in.
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO forebyg_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_emailaddress, account_emailconfirmation TO forebyg_web;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO forebyg_web;

GRANT EXECUTE ON FUNCTION store.now() TO forebyg_web, forebyg_worker, forebyg_public, forebyg_stats;
GRANT EXECUTE ON FUNCTION access.me(), access.my_agency(), access.my_unit(), access.my_whole_matters(), access.my_partial_matters(),
    access.my_participants(), access.my_matters(), access.my_board_units(), access.next_reference(), access.resolve_reference(text) TO forebyg_web;
"""

BACKWARD = """
DROP SCHEMA access CASCADE;
DROP TABLE matters_counter, access_record_table, access_record_owner;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_who_is_who"),
        ("audit", "0002_append_only"),
        ("store", "0001_time_and_cache"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
