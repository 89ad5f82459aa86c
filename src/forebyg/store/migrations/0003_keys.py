"""Keys as the database knows them: which its rows use, and which were destroyed."""

from django.db import migrations

FORWARD = """
CREATE TABLE store_destroyed_key (
    id uuid PRIMARY KEY,
    noted_at timestamptz NOT NULL DEFAULT now()
);

-- The ids of keys, within a range of ids, that rows of any table use. A partition is a table, its parent is not asked.
CREATE FUNCTION store.keys_used_between(first uuid, last uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE holder regclass;
BEGIN
    FOR holder IN SELECT c.oid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                  WHERE a.attname = 'key_id' AND a.atttypid = 'uuid'::regtype AND c.relkind = 'r' LOOP
        RETURN QUERY EXECUTE format('SELECT key_id FROM %s WHERE key_id BETWEEN $1 AND $2', holder) USING first, last;
    END LOOP;
END $$;

-- Remember that these keys are to be destroyed, in the transaction that decides it.
CREATE FUNCTION store.note_destroyed_keys(keys uuid[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO store_destroyed_key (id) SELECT unnest(keys) ON CONFLICT DO NOTHING
$$;
GRANT EXECUTE ON FUNCTION store.note_destroyed_keys(uuid[]) TO forebyg_worker;
"""

BACKWARD = """
DROP FUNCTION store.note_destroyed_keys(uuid[]);
DROP FUNCTION store.keys_used_between(uuid, uuid);
DROP TABLE store_destroyed_key;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0002_jobs")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
