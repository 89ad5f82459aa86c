"""A correction goes on to those who were told only where the law still has an answer for it."""

from django.db import migrations

FORWARD = """
-- As before (access 0002), but the readers of a new version are those of the one before only as long as it is about the same
-- persons, or fewer, and no doubt stands in the matter. Otherwise the disclosures end, and `cases_follow_disclosure` takes their
-- recipients out of every version: the owner may tell anew, through the gate. About nobody is about the subjects of the case.
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
        IF cardinality(previous.readers) > 1 AND (
               sharing_is_in_doubt(NEW.matter_id)
               OR NOT (NEW.about = previous.about OR (NEW.about <> '{}' AND NEW.about <@ previous.about))) THEN
            UPDATE cases_disclosure SET withdrawn_at = store.now() WHERE record_root = NEW.root AND withdrawn_at IS NULL;
        END IF;
        EXECUTE format('UPDATE %s SET is_current = false WHERE root = $1 AND is_current RETURNING readers', TG_RELID::regclass)
            INTO NEW.readers USING NEW.root;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0003_requests"), ("cases", "0008_disclosed_by_a_finding"), ("access", "0002_policies")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
