"""When the ledger was last written, for who asks at a start whether the server's clock was set back."""

from django.db import migrations

FORWARD = """
-- The later of the newest event's moment of writing and the sealer's last sign of life; null before the first of both. The newest
-- event is the one with the highest transaction number of this cluster: no order by time is assumed. No more is told.
CREATE FUNCTION audit_newest_moment() RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest(
        (SELECT written_at FROM audit_event WHERE cluster = (pg_control_system()).system_identifier
          ORDER BY xid DESC, id DESC LIMIT 1),
        (SELECT was_there_at FROM audit_sealer)
    )
$$;
GRANT EXECUTE ON FUNCTION audit_newest_moment() TO forebyg_web, forebyg_worker;
"""

BACKWARD = "DROP FUNCTION audit_newest_moment();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seal")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
