"""Look-ups by own workers that somebody should look at: each by a rule that can be said in a sentence, none with a score."""

from django.db import migrations

FORWARD = """
-- rule: its word; at: the last moment of it; number: how many matters, look-ups or searches it was.
CREATE FUNCTION oversight_unusual(
    since timestamptz, until timestamptz, zone text, opening text[], reading text[], exporting text[],
    many_matters integer, night_begins integer, night_ends integer, soon interval, empty_searches integer, most integer
) RETURNS TABLE (rule text, worker_id uuid, agency_id uuid, at timestamptz, number bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH own AS (
        SELECT e.* FROM audit_event e WHERE e.agency_id = ANY (oversight_agencies()) AND e.at >= since AND e.at < until
    )
    SELECT 'many-matters', e.worker_id, e.agency_id, max(e.at), count(DISTINCT matter)
      FROM own e, unnest(e.matter_ids) matter WHERE e.action = ANY (opening)
     GROUP BY e.worker_id, e.agency_id, date_trunc('hour', e.at AT TIME ZONE zone) HAVING count(DISTINCT matter) > many_matters
    UNION ALL
    SELECT 'night', e.worker_id, e.agency_id, max(e.at), count(*)
      FROM own e, LATERAL (SELECT e.at AT TIME ZONE zone AS moment) here
     WHERE e.action = ANY (reading) AND e.matter_ids <> '{}'
       AND (extract(hour FROM here.moment) >= night_begins OR extract(hour FROM here.moment) < night_ends)
     GROUP BY e.worker_id, e.agency_id, (here.moment - make_interval(hours => night_ends))::date
    UNION ALL
    SELECT 'after-refusal', e.worker_id, e.agency_id, then_seen.at, then_seen.number
      FROM own e, LATERAL (
        SELECT max(s.at) AS at, count(*) AS number FROM audit_event s
         WHERE s.worker_id = e.worker_id AND s.agency_id = e.agency_id AND s.at > e.at AND s.at <= e.at + soon AND s.action = ANY (opening)) then_seen
     WHERE e.action = 'refused' AND e.codes ->> 'status' IN ('403', '404') AND e.codes ->> 'route' LIKE 'cases:%' AND then_seen.number > 0
    UNION ALL
    SELECT 'own-access', e.worker_id, e.agency_id, e.at, 1 FROM own e WHERE e.action = 'access.given' AND e.codes ->> 'own' = 'yes'
    UNION ALL
    SELECT 'empty-searches', e.worker_id, e.agency_id, max(e.at), count(*)
      FROM own e WHERE e.action = 'cases.searched' AND e.matter_ids = '{}'
     GROUP BY e.worker_id, e.agency_id, (e.at AT TIME ZONE zone)::date HAVING count(*) >= empty_searches
    UNION ALL
    SELECT 'export', e.worker_id, e.agency_id, e.at, 1 FROM own e WHERE e.action = ANY (exporting)
    ORDER BY 4 DESC, 1, 2 LIMIT most
$$;
GRANT EXECUTE ON FUNCTION oversight_unusual(
    timestamptz, timestamptz, text, text[], text[], text[], integer, integer, integer, interval, integer, integer) TO forebyg_web;
"""

BACKWARD = """
DROP FUNCTION oversight_unusual(
    timestamptz, timestamptz, text, text[], text[], text[], integer, integer, integer, interval, integer, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_reading_the_ledger")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
