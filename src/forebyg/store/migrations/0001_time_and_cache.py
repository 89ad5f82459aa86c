"""The schema `store`: the time that policies live in, and the table of the shared cache."""

from django.db import migrations

FORWARD = """
CREATE SCHEMA store;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA store TO forebyg_web, forebyg_worker, forebyg_public, forebyg_stats;
CREATE TABLE store_clock_offset (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    "offset" interval NOT NULL DEFAULT '0'
);
INSERT INTO store_clock_offset DEFAULT VALUES;
CREATE FUNCTION store.now() RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT pg_catalog.now() + "offset" FROM public.store_clock_offset $$;
CREATE TABLE store_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX store_cache_expires ON store_cache (expires);
GRANT SELECT, INSERT, UPDATE, DELETE ON store_cache TO forebyg_web;
"""

BACKWARD = """
DROP TABLE store_cache;
DROP FUNCTION store.now();
DROP TABLE store_clock_offset;
DROP SCHEMA store;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
