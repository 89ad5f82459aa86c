"""What a data protection officer may read of the ledger, through these functions and nothing else.

Two halves make up an officer's log. *Own*: every event of a worker in the own controller's agencies. *Touched*: events of others
that name records which those agencies own; of such an event only worker, agency, moment and action are told, and the own records.
Touches are noted when the event is written, for the owner of a record is known by its id (`access_record_owner`).
"""

from django.db import migrations

FORWARD = """
CREATE TABLE oversight_touch (
    controller_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    worker_id uuid,
    agency_id uuid,
    action text NOT NULL,
    matter_ids uuid[] NOT NULL,
    record_ids uuid[] NOT NULL,
    PRIMARY KEY (controller_id, id)
);
CREATE INDEX oversight_touch_latest ON oversight_touch (controller_id, at, id);
CREATE INDEX oversight_touch_of_worker ON oversight_touch (controller_id, worker_id, at, id);
CREATE INDEX oversight_touch_of_action ON oversight_touch (controller_id, action, at, id);
CREATE INDEX oversight_touch_of_agency ON oversight_touch (controller_id, agency_id, at, id);
CREATE INDEX oversight_touch_of_matter ON oversight_touch USING gin (matter_ids);
CREATE INDEX audit_event_of_agency ON audit_event (agency_id, at, id) INCLUDE (action);
CREATE INDEX audit_event_of_action ON audit_event (agency_id, action, at, id);
CREATE INDEX audit_event_of_worker ON audit_event (worker_id, agency_id, at, id);

CREATE FUNCTION oversight_note_touches() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO oversight_touch
    SELECT a.controller_id, NEW.id, NEW.at, NEW.worker_id, NEW.agency_id, NEW.action, array_agg(DISTINCT o.matter_id), array_agg(o.root)
      FROM access_record_owner o JOIN access_agency a ON a.id = o.owner_id
     WHERE o.root = ANY (NEW.record_ids)
       AND a.controller_id IS DISTINCT FROM (SELECT controller_id FROM access_agency WHERE id = NEW.agency_id)
     GROUP BY a.controller_id;
    RETURN NULL;
END $$;
CREATE TRIGGER note_touches AFTER INSERT ON audit_event FOR EACH ROW WHEN (NEW.record_ids <> '{}')
    EXECUTE FUNCTION oversight_note_touches();

-- The matter of this reference in an officer's own unit, and every one that was joined into it.
CREATE FUNCTION oversight_matters(wanted text) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE way AS (
        SELECT id FROM matters_matter WHERE unit_id = access.my_unit() AND reference = wanted AND oversight_controller() IS NOT NULL
        UNION
        SELECT m.id FROM matters_matter m JOIN way ON m.joined_into_id = way.id
    )
    SELECT coalesce(array_agg(id), '{}') FROM way
$$;

-- A page of the log beyond a key, older or newer, that one's nearest first. What is NULL narrows nothing.
CREATE FUNCTION oversight_events(
    wanted_matter text, wanted_worker uuid, wanted_agency uuid, wanted_actions text[], since timestamptz, until timestamptz,
    beyond_at timestamptz, beyond_id uuid, is_newer boolean, most integer
) RETURNS TABLE (
    id uuid, at timestamptz, worker_id uuid, agency_id uuid, action text, refs text[], kinds jsonb, codes jsonb, has_reason boolean, is_own boolean
)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    agencies uuid[] := oversight_agencies();
    controller CONSTANT uuid := oversight_controller();
    matters CONSTANT uuid[] := CASE WHEN wanted_matter IS NOT NULL THEN oversight_matters(wanted_matter) END;
    direction CONSTANT text := CASE WHEN is_newer THEN 'ASC' ELSE 'DESC' END;
    nearest CONSTANT text := format('ORDER BY e.at %1$s, e.id %1$s LIMIT $10', direction);
    condition CONSTANT text := concat_ws(' AND ', 'true',
        CASE WHEN wanted_worker IS NOT NULL THEN 'e.worker_id = $3' END,
        CASE WHEN wanted_agency IS NOT NULL THEN 'e.agency_id = $4' END,
        CASE WHEN wanted_actions IS NOT NULL THEN 'e.action = ANY ($5)' END,
        CASE WHEN since IS NOT NULL THEN 'e.at >= $6' END,
        CASE WHEN until IS NOT NULL THEN 'e.at < $7' END,
        CASE WHEN beyond_at IS NOT NULL THEN format('(e.at, e.id) %s ($8, $9)', CASE WHEN is_newer THEN '>' ELSE '<' END) END);
    own text;
    touched text;
BEGIN
    IF controller IS NULL OR matters = '{}' THEN
        RETURN;
    END IF;
    IF wanted_agency IS NOT NULL THEN
        agencies := CASE WHEN wanted_agency = ANY (agencies) THEN ARRAY[wanted_agency] ELSE '{}' END;
    END IF;
    -- Each way begins with an index: few rows of each part are read, and the parts are merged.
    IF matters IS NOT NULL THEN
        own := format('(SELECT * FROM audit_event WHERE matter_ids && $1 OFFSET 0) e WHERE e.agency_id = ANY ($2) AND %s %s', condition, nearest);
        touched := format('(SELECT * FROM oversight_touch WHERE matter_ids && $1 OFFSET 0) e WHERE e.controller_id = $11 AND %s %s', condition, nearest);
    ELSIF wanted_worker IS NOT NULL THEN
        own := format('unnest($2) AS part(agency) CROSS JOIN LATERAL'
            ' (SELECT * FROM audit_event e WHERE e.worker_id = $3 AND e.agency_id = part.agency AND %s %2$s) e %2$s', condition, nearest);
        touched := format('oversight_touch e WHERE e.controller_id = $11 AND %s %s', condition, nearest);
    ELSIF wanted_actions IS NOT NULL THEN
        own := format('unnest($2) AS part(agency) CROSS JOIN unnest($5) AS one(action) CROSS JOIN LATERAL'
            ' (SELECT * FROM audit_event e WHERE e.agency_id = part.agency AND e.action = one.action AND %s %2$s) e %2$s', condition, nearest);
        touched := format('unnest($5) AS one(action) CROSS JOIN LATERAL'
            ' (SELECT * FROM oversight_touch e WHERE e.controller_id = $11 AND e.action = one.action AND %s %2$s) e %2$s', condition, nearest);
    ELSE
        own := format('unnest($2) AS part(agency) CROSS JOIN LATERAL'
            ' (SELECT * FROM audit_event e WHERE e.agency_id = part.agency AND %s %2$s) e %2$s', condition, nearest);
        touched := format('oversight_touch e WHERE e.controller_id = $11 AND %s %s', condition, nearest);
    END IF;
    RETURN QUERY EXECUTE format(
        'WITH e AS MATERIALIZED ('
        '   SELECT * FROM ('
        '     (SELECT e.id, e.at, e.worker_id, e.agency_id, e.action::text, e.matter_ids, e.record_ids, e.codes, octet_length(e.reason) > 28 AS has_reason, true AS is_own FROM %s)'
        '     UNION ALL'
        '     (SELECT e.id, e.at, e.worker_id, e.agency_id, e.action, e.matter_ids, e.record_ids, ''{}'', false, false FROM %s)'
        '   ) e %3$s)'
        ' SELECT e.id, e.at, e.worker_id, e.agency_id, e.action,'
        '   ARRAY(SELECT m.reference::text FROM matters_matter m WHERE m.id = ANY (e.matter_ids) ORDER BY 1),'
        '   (SELECT coalesce(jsonb_object_agg(kind, number), ''{}'') FROM'
        '     (SELECT o.kind, count(*) AS number FROM access_record_owner o WHERE o.root = ANY (e.record_ids) GROUP BY o.kind) k),'
        '   e.codes, e.has_reason, e.is_own FROM e %3$s',
        own, touched, nearest)
    USING matters, agencies, wanted_worker, wanted_agency, wanted_actions, since, until, beyond_at, beyond_id, most, controller;
END $$;

-- Who dealt with a matter, by worker and day: how often it was read and changed.
CREATE FUNCTION oversight_dealings(wanted_matter text, reading text[], zone text, most integer) RETURNS TABLE (
    worker_id uuid, agency_id uuid, is_own boolean, day date, readings bigint, changes bigint, first_at timestamptz, last_at timestamptz
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH e AS (
        SELECT e.worker_id, e.agency_id, true AS is_own, e.at, e.action FROM audit_event e
         WHERE e.matter_ids && oversight_matters(wanted_matter) AND e.agency_id = ANY (oversight_agencies())
        UNION ALL
        SELECT t.worker_id, t.agency_id, false, t.at, t.action FROM oversight_touch t
         WHERE t.matter_ids && oversight_matters(wanted_matter) AND t.controller_id = oversight_controller()
    )
    SELECT e.worker_id, e.agency_id, e.is_own, (e.at AT TIME ZONE zone)::date, count(*) FILTER (WHERE e.action = ANY (reading)),
           count(*) FILTER (WHERE e.action <> ALL (reading)), min(e.at), max(e.at)
      FROM e GROUP BY 1, 2, 3, 4 ORDER BY max(e.at) DESC LIMIT most
$$;

-- How often each action was done on each day, by own workers.
CREATE FUNCTION oversight_days(since timestamptz, until timestamptz, zone text) RETURNS TABLE (day date, action text, number bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (e.at AT TIME ZONE zone)::date, e.action::text, count(*) FROM audit_event e
     WHERE e.agency_id = ANY (oversight_agencies()) AND e.at >= since AND e.at < until
     GROUP BY 1, 2
$$;

-- The sealed reason of an own worker's event, and the key it is sealed under.
CREATE FUNCTION oversight_sealed_reason(wanted uuid) RETURNS TABLE (reason bytea, key_id uuid, matter_ids uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.reason, e.key_id, e.matter_ids FROM audit_event e WHERE e.id = wanted AND e.agency_id = ANY (oversight_agencies())
$$;
GRANT EXECUTE ON FUNCTION
    oversight_events(text, uuid, uuid, text[], timestamptz, timestamptz, timestamptz, uuid, boolean, integer),
    oversight_dealings(text, text[], text, integer), oversight_days(timestamptz, timestamptz, text), oversight_matters(text),
    oversight_sealed_reason(uuid)
TO forebyg_web;
"""

BACKWARD = """
DROP FUNCTION oversight_sealed_reason(uuid);
DROP FUNCTION oversight_days(timestamptz, timestamptz, text);
DROP FUNCTION oversight_dealings(text, text[], text, integer);
DROP FUNCTION oversight_events(text, uuid, uuid, text[], timestamptz, timestamptz, timestamptz, uuid, boolean, integer);
DROP FUNCTION oversight_matters(text);
DROP TRIGGER note_touches ON audit_event;
DROP FUNCTION oversight_note_touches();
DROP INDEX audit_event_of_agency, audit_event_of_action, audit_event_of_worker;
DROP TABLE oversight_touch;
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_access_reviews"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
