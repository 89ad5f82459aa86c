"""Which key store the database belongs to."""

from django.db import migrations

FORWARD = """
-- One row, written once: a keyed fingerprint of the key store's index key. It tells key stores apart and nothing about keys.
CREATE TABLE store_key_store (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    noted_at timestamptz NOT NULL DEFAULT now()
);

-- The fingerprint of the database's own key store; NULL while it has none.
CREATE FUNCTION store.own_key_store() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT fingerprint FROM store_key_store
$$;

-- Make a key store the database's own unless it has one. Returns the fingerprint of the one that it has then.
CREATE FUNCTION store.note_key_store(mine bytea) RETURNS bytea
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM store_key_store) THEN
        INSERT INTO store_key_store (fingerprint) VALUES (mine) ON CONFLICT DO NOTHING;
    END IF;
    RETURN (SELECT fingerprint FROM store_key_store);
END $$;
GRANT EXECUTE ON FUNCTION store.own_key_store(), store.note_key_store(bytea) TO forebyg_web, forebyg_worker;
"""

BACKWARD = """
DROP FUNCTION store.note_key_store(bytea);
DROP FUNCTION store.own_key_store();
DROP TABLE store_key_store;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0003_keys")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
