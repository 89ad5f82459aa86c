"""The ledger's seal: the leaves and heads of its tree, how far it is sealed, and the state that others may ask for.

An event notes the cluster that wrote it: transaction numbers are a cluster's own, so events of another one (before a restore
elsewhere, before an upgrade) are known to be finished whatever their number is.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE audit_event ADD COLUMN cluster bigint NOT NULL DEFAULT (pg_control_system()).system_identifier;
DROP INDEX audit_event_by_xid;
CREATE INDEX audit_event_to_seal ON audit_event (cluster, xid, id);
CREATE POLICY seal ON audit_event FOR SELECT TO forebyg_sealer USING (true);
GRANT SELECT ON audit_event TO forebyg_sealer;

-- One leaf an event; `nodes` are the inner nodes that the leaf completes, the lowest first.
CREATE TABLE audit_leaf (
    position bigint PRIMARY KEY CHECK (position >= 0),
    event_id uuid NOT NULL UNIQUE,
    hash bytea NOT NULL,
    nodes bytea[] NOT NULL
);
CREATE TABLE audit_head (
    size bigint PRIMARY KEY CHECK (size > 0),
    root bytea NOT NULL,
    at timestamptz NOT NULL,
    installation uuid NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL
);
GRANT SELECT, INSERT ON audit_leaf, audit_head TO forebyg_sealer;
CREATE TRIGGER for_ever BEFORE UPDATE OR DELETE ON audit_leaf FOR EACH ROW EXECUTE FUNCTION audit_event_is_for_ever();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_for_ever();
CREATE TRIGGER for_ever BEFORE UPDATE OR DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_event_is_for_ever();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_for_ever();

-- Up to which event each cluster's are sealed, in the order of (xid, event); there need be none with that id. Only where to go on:
-- what is sealed, the leaves say.
CREATE TABLE audit_sealed_until (
    cluster bigint PRIMARY KEY,
    xid xid8 NOT NULL,
    event_id uuid NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON audit_sealed_until TO forebyg_sealer;

-- One row. A sealer locks it, so that two never seal at once, and notes that it was there.
CREATE TABLE audit_sealer (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    installation uuid NOT NULL DEFAULT gen_random_uuid(),
    was_there_at timestamptz
);
INSERT INTO audit_sealer DEFAULT VALUES;
GRANT SELECT, UPDATE (was_there_at) ON audit_sealer TO forebyg_sealer;

-- How many events wait for their seal (100 000 stands for more), how long the oldest of them has, the newest head, and when a
-- sealer was last there. No more is told.
CREATE FUNCTION audit_seal_state(
    OUT unsealed integer, OUT waited_seconds double precision, OUT size bigint, OUT sealed_at timestamptz, OUT sealer_was_there_at timestamptz
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE known (cluster) AS (
        SELECT min(cluster) FROM audit_event
        UNION ALL
        SELECT (SELECT min(e.cluster) FROM audit_event e WHERE e.cluster > known.cluster) FROM known WHERE known.cluster IS NOT NULL
    ),
    waiting AS (
        SELECT e.written_at
        FROM known
        LEFT JOIN audit_sealed_until s USING (cluster)
        CROSS JOIN LATERAL (
            SELECT written_at FROM audit_event
            WHERE audit_event.cluster = known.cluster
              AND (xid, id) > (coalesce(s.xid, '0'), coalesce(s.event_id, '00000000-0000-0000-0000-000000000000'))
            ORDER BY xid, id
            LIMIT 100000
        ) e
        LIMIT 100000
    )
    SELECT (SELECT count(*)::integer FROM waiting),
           (SELECT greatest(extract(epoch FROM clock_timestamp() - min(written_at)), 0)::double precision FROM waiting),
           (SELECT max(h.size) FROM audit_head h),
           (SELECT h.at FROM audit_head h ORDER BY h.size DESC LIMIT 1),
           (SELECT was_there_at FROM audit_sealer)
$$;
GRANT EXECUTE ON FUNCTION audit_seal_state() TO forebyg_web, forebyg_worker;
"""

BACKWARD = """
DROP FUNCTION audit_seal_state();
DROP TABLE audit_sealer, audit_sealed_until, audit_head, audit_leaf;
DROP POLICY seal ON audit_event;
REVOKE ALL ON audit_event FROM forebyg_sealer;
DROP INDEX audit_event_to_seal;
CREATE INDEX audit_event_by_xid ON audit_event (xid);
ALTER TABLE audit_event DROP COLUMN cluster;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
