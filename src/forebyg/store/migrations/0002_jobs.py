"""Who may do what with the job queue: the web role enqueues, the worker role works."""

from django.db import migrations

FORWARD = """
DO $$
DECLARE one regprocedure;
BEGIN
    FOR one IN SELECT oid::regprocedure FROM pg_proc
               WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'procrastinate_') LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO forebyg_worker', one);
        IF starts_with(one::text, 'procrastinate_defer_jobs') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO forebyg_web', one);
        END IF;
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,
    procrastinate_workers TO forebyg_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO forebyg_worker;
GRANT SELECT, INSERT ON procrastinate_jobs, procrastinate_events TO forebyg_web;
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_events_id_seq TO forebyg_web;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0001_time_and_cache"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
