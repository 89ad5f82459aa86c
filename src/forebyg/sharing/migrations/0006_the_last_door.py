"""What carries a disclosure is signed, provision by provision; a correction goes on to those who were told only while that holds."""

from django.db import migrations

FORWARD = """
-- Whether every provision that carries a finding has a basis of its own that is signed off.
CREATE FUNCTION sharing_is_carried(finding jsonb) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT cases_carries(finding) AND NOT EXISTS (
        SELECT FROM jsonb_array_elements_text(finding -> 'by') AS carries(provision)
         WHERE NOT EXISTS (
            SELECT FROM jsonb_array_elements(finding -> 'bases') AS b
             WHERE b ->> 'provision' = carries.provision AND sharing_is_signed(b ->> 'pack', b ->> 'provision', b ->> 'version')))
$$;

CREATE OR REPLACE FUNCTION sharing_check_disclosure() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF sharing_is_in_doubt(NEW.matter_id) THEN
        RAISE EXCEPTION 'a legal doubt stops sharing in the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF cases_carries(NEW.finding) AND NOT sharing_is_carried(NEW.finding) THEN
        RAISE EXCEPTION 'a provision that carries the disclosure is not signed off' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- Why it was told names a person, too: it does not linger with the recipient once the disclosure is withdrawn (B-023).
CREATE FUNCTION sharing_withdraw_disclosure() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.readers := ARRAY[NEW.owner_id];
    RETURN NEW;
END $$;
CREATE TRIGGER withdraw_disclosure BEFORE UPDATE OF withdrawn_at ON cases_disclosure FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION sharing_withdraw_disclosure();
UPDATE cases_disclosure SET readers = ARRAY[owner_id] WHERE withdrawn_at IS NOT NULL;

-- Whoever raised a doubt does not clear it away.
ALTER POLICY clarify_whole ON sharing_doubtclarified WITH CHECK (
    matter_id = ANY ((select access.my_whole_matters())::uuid[])
    AND worker_id = (select access.me()) AND agency_id = (select access.my_agency())
    AND EXISTS (SELECT FROM sharing_doubt d WHERE d.id = doubt_id AND d.matter_id = sharing_doubtclarified.matter_id
                   AND d.worker_id <> sharing_doubtclarified.worker_id));

-- As before (access 0002), but the readers of a new version are those of the one before only as long as it is about the same
-- persons, or fewer, no doubt stands in the matter, and what carried the disclosure is still signed. Otherwise it ends, and `cases_follow_disclosure` takes its
-- recipient out of every version: the owner may tell anew, through the gate. About nobody is about the subjects of the case.
CREATE OR REPLACE FUNCTION access.own_record() RETURNS trigger
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
        IF cardinality(previous.readers) > 1 THEN
            UPDATE cases_disclosure SET withdrawn_at = store.now()
             WHERE record_root = NEW.root AND withdrawn_at IS NULL AND (
                   NOT (NEW.about = previous.about OR (NEW.about <> '{}' AND NEW.about <@ previous.about))
                OR sharing_is_in_doubt(NEW.matter_id) OR NOT sharing_is_carried(finding));
        END IF;
        EXECUTE format('UPDATE %s SET is_current = false WHERE root = $1 AND is_current RETURNING readers', TG_RELID::regclass)
            INTO NEW.readers USING NEW.root;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0005_withdrawn_letters"),
        ("cases", "0008_disclosed_by_a_finding"),
        ("access", "0002_policies"),
    ]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
