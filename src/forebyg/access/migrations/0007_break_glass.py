"""Broken glass: the openings, what a grant of that reason may be, what it does not reach, and its mark in the ledger."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
ALTER TABLE access_breakglass ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_own ON access_breakglass FOR SELECT TO forebyg_web USING (worker_id = (select access.me()));
GRANT SELECT ON access_breakglass TO forebyg_web;
CREATE INDEX grant_of_broken_glass ON access_grant (worker_id) WHERE reason = 'break-glass' AND ended_at IS NULL;

-- Broken glass is for oneself, for the whole of one matter in which the own agency takes part with more than the frame, and for
-- a day at most, whoever writes it. The rule of who gives access is for every other grant.
CREATE FUNCTION access.check_break_glass() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.worker_id IS DISTINCT FROM access.me() OR NEW.given_by_id IS DISTINCT FROM access.me() THEN
        RAISE EXCEPTION 'the glass is broken for oneself' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM access_admission a WHERE a.matter_id = NEW.matter_id AND a.ended_at IS NULL AND NOT a.frame_only AND NOT a.special_only
                   AND a.agency_id = access.my_agency()) THEN
        RAISE EXCEPTION 'the own agency does not take part in the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.participant IS NOT NULL OR NEW.ends_at > store.now() + interval '24 hours' THEN
        RAISE EXCEPTION 'broken glass opens one matter for a day at most' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER check_grant ON access_grant;
CREATE TRIGGER check_grant BEFORE INSERT ON access_grant FOR EACH ROW WHEN (NEW.reason IS DISTINCT FROM 'break-glass')
    EXECUTE FUNCTION access.check_grant();
CREATE TRIGGER check_break_glass BEFORE INSERT ON access_grant FOR EACH ROW WHEN (NEW.reason = 'break-glass')
    EXECUTE FUNCTION access.check_break_glass();

-- The matters that nothing but broken glass opens to the one who acts.
CREATE FUNCTION access.my_emergency_matters() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH live AS (
        SELECT g.matter_id, g.reason FROM access_grant g
         WHERE g.worker_id = access.me() AND g.participant IS NULL AND g.ended_at IS NULL
           AND g.starts_at <= store.now() AND g.ends_at > store.now()
    )
    SELECT coalesce(array_agg(matter_id), '{}')
      FROM (SELECT matter_id FROM live GROUP BY matter_id HAVING bool_and(reason = 'break-glass')) only_glass
$$;
GRANT EXECUTE ON FUNCTION access.my_emergency_matters() TO forebyg_web;

-- The web role writes no such grant, and who came in by broken glass lets nobody in and nobody out: not even oneself for longer.
CREATE POLICY not_by_broken_glass ON access_grant AS RESTRICTIVE FOR INSERT TO forebyg_web
    WITH CHECK (reason <> 'break-glass' AND matter_id <> ALL ((select access.my_emergency_matters())::uuid[]));
CREATE POLICY not_ended_by_broken_glass ON access_grant AS RESTRICTIVE FOR UPDATE TO forebyg_web
    USING (true) WITH CHECK (matter_id <> ALL ((select access.my_emergency_matters())::uuid[]));
CREATE POLICY not_by_broken_glass ON access_admission AS RESTRICTIVE FOR INSERT TO forebyg_web
    WITH CHECK (matter_id <> ALL ((select access.my_emergency_matters())::uuid[]));
CREATE POLICY not_ended_by_broken_glass ON access_admission AS RESTRICTIVE FOR UPDATE TO forebyg_web
    USING (true) WITH CHECK (matter_id <> ALL ((select access.my_emergency_matters())::uuid[]));

-- Every event of the worker that names the matter while the glass is broken carries the openings' grants, whoever wrote the event.
CREATE FUNCTION access.mark_broken_glass() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    broken jsonb;
BEGIN
    SELECT jsonb_agg(g.id) INTO broken FROM access_grant g
     WHERE g.worker_id = NEW.worker_id AND g.reason = 'break-glass' AND g.ended_at IS NULL
       AND g.starts_at <= store.now() AND g.ends_at > store.now() AND g.matter_id = ANY (NEW.matter_ids);
    IF broken IS NOT NULL THEN
        NEW.codes := NEW.codes || jsonb_build_object('glass', broken);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mark_broken_glass BEFORE INSERT ON audit_event FOR EACH ROW
    WHEN (NEW.worker_id IS NOT NULL AND NEW.matter_ids <> '{}') EXECUTE FUNCTION access.mark_broken_glass();
"""

BACKWARD = """
DROP TRIGGER mark_broken_glass ON audit_event;
DROP FUNCTION access.mark_broken_glass();
DROP POLICY not_ended_by_broken_glass ON access_admission;
DROP POLICY not_by_broken_glass ON access_admission;
DROP POLICY not_ended_by_broken_glass ON access_grant;
DROP POLICY not_by_broken_glass ON access_grant;
DROP FUNCTION access.my_emergency_matters();
DROP TRIGGER check_break_glass ON access_grant;
DROP TRIGGER check_grant ON access_grant;
CREATE TRIGGER check_grant BEFORE INSERT ON access_grant FOR EACH ROW EXECUTE FUNCTION access.check_grant();
DROP FUNCTION access.check_break_glass();
DROP INDEX grant_of_broken_glass;
"""

_KEPT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("access", "0006_agencies_before_the_law"), ("audit", "0004_newest_moment")]
    operations = [
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("emergency", models.CharField(max_length=12)),
                ("reason", models.BinaryField()),
                ("broken_at", models.DateTimeField()),
                ("review_due_at", models.DateTimeField()),
                ("agency", models.ForeignKey(on_delete=_KEPT, related_name="+", to="access.agency")),
                ("grant", models.OneToOneField(on_delete=_KEPT, related_name="+", to="access.grant")),
                ("matter", models.ForeignKey(on_delete=_KEPT, related_name="+", to="matters.matter")),
                ("worker", models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
