"""What PostgreSQL adds to an event: its transaction and the moment of writing; and that nobody changes or removes one."""

from django.db import migrations

FORWARD = """
ALTER TABLE audit_event
    ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN written_at timestamptz NOT NULL DEFAULT clock_timestamp();
CREATE INDEX audit_event_by_matter ON audit_event USING gin (matter_ids);
CREATE INDEX audit_event_by_xid ON audit_event (xid);
CREATE FUNCTION audit_event_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER for_ever BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_is_for_ever();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_for_ever();
"""

BACKWARD = """
DROP TRIGGER for_ever ON audit_event;
DROP TRIGGER not_truncated ON audit_event;
DROP FUNCTION audit_event_is_for_ever();
ALTER TABLE audit_event DROP COLUMN xid, DROP COLUMN written_at;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_event"), ("store", "0001_time_and_cache")]  # which takes functions from PUBLIC
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
