"""The special lock (B-026): while it stands, only grants that name a worker with the reason `special` count in the matter."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_LIVE_GRANT = """CREATE OR REPLACE VIEW access.live_grant AS
    SELECT g.matter_id, g.participant, a.frame_only
    FROM access_worker w
    JOIN access_grant g ON g.worker_id = w.id
    JOIN access_admission a ON a.matter_id = g.matter_id AND a.ended_at IS NULL
    WHERE w.id = (SELECT access.me()) AND a.agency_id = w.agency_id
      AND g.ended_at IS NULL AND g.starts_at <= (SELECT store.now()) AND g.ends_at > (SELECT store.now())%s;
"""
_NAMED = """
      AND (NOT a.special_only OR g.reason = 'special')"""
_CHECK_GRANT = """CREATE OR REPLACE FUNCTION access.check_grant() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.given_by_id IS DISTINCT FROM access.me() THEN
        RAISE EXCEPTION 'a grant is given by the one who acts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM access_admission a JOIN access_worker w ON w.agency_id = a.agency_id
                   WHERE a.matter_id = NEW.matter_id AND a.ended_at IS NULL AND w.id = NEW.worker_id) THEN
        RAISE EXCEPTION 'the agency of the worker is not admitted to the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT (NEW.matter_id = ANY (access.my_whole_matters())) AND
       (NEW.worker_id IS DISTINCT FROM access.me()
        OR EXISTS (SELECT FROM access_grant g WHERE g.matter_id = NEW.matter_id)) THEN
        RAISE EXCEPTION 'only one who has the whole matter may give access to it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.worker_id = access.me() AND NEW.ends_at > store.now() + interval '30 days'
       AND EXISTS (SELECT FROM access_grant g WHERE g.matter_id = NEW.matter_id)%s THEN
        RAISE EXCEPTION 'the own access is prolonged by 30 days at most' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
_UNLESS_NAMED = """
       AND NOT (NEW.reason = 'special' AND EXISTS (
           SELECT FROM access_grant g WHERE g.matter_id = NEW.matter_id AND g.worker_id = NEW.worker_id AND g.participant IS NULL
              AND g.ended_at IS NULL AND g.starts_at <= store.now() AND g.ends_at >= NEW.ends_at))"""

FORWARD = f"""
-- As before, and in a locked matter by a special grant only: not by any other, for no frame and for no content.
{_LIVE_GRANT % _NAMED}-- Locked matters of the units whose board one has: they are not on it, unless one is named.
CREATE FUNCTION access.locked_matters() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(l.matter_id), '{{}}')
      FROM access_speciallock l JOIN matters_matter m ON m.id = l.matter_id
     WHERE l.lifted_at IS NULL AND m.unit_id = ANY (access.my_board_units()) AND l.matter_id <> ALL (access.my_matters())
$$;
GRANT EXECUTE ON FUNCTION access.locked_matters() TO forebyg_web;
ALTER POLICY read_board ON matters_matter
    USING (unit_id = ANY ((select access.my_board_units())::uuid[]) AND id <> ALL ((select access.locked_matters())::uuid[]));

-- Whoever locks a matter has the whole of it, by a special grant, and so is not locked out.
CREATE FUNCTION access.check_lock() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.locked_by_id IS DISTINCT FROM access.me() OR NEW.lifted_at IS NOT NULL OR NEW.lifted_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'a lock is set by the one who acts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT (NEW.matter_id = ANY (access.my_whole_matters())) OR NOT EXISTS (
        SELECT FROM access_grant g WHERE g.matter_id = NEW.matter_id AND g.worker_id = access.me() AND g.reason = 'special'
           AND g.participant IS NULL AND g.ended_at IS NULL AND g.starts_at <= store.now() AND g.ends_at > store.now()) THEN
        RAISE EXCEPTION 'only one who is named and has the whole matter may lock it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_lock BEFORE INSERT ON access_speciallock FOR EACH ROW EXECUTE FUNCTION access.check_lock();

-- The admissions say whether the lock stands, so that the question is asked where they are read anyway.
CREATE FUNCTION access.follow_lock() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE access_admission SET special_only = NEW.lifted_at IS NULL WHERE matter_id = NEW.matter_id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_lock AFTER INSERT OR UPDATE OF lifted_at ON access_speciallock
    FOR EACH ROW EXECUTE FUNCTION access.follow_lock();

CREATE FUNCTION access.admit_under_lock() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.special_only := EXISTS (SELECT FROM access_speciallock l WHERE l.matter_id = NEW.matter_id AND l.lifted_at IS NULL);
    RETURN NEW;
END $$;
CREATE TRIGGER admit_under_lock BEFORE INSERT ON access_admission FOR EACH ROW EXECUTE FUNCTION access.admit_under_lock();

ALTER TABLE access_speciallock ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_known ON access_speciallock FOR SELECT TO forebyg_web USING (matter_id = ANY ((select access.my_matters())::uuid[]));
CREATE POLICY lock_whole ON access_speciallock FOR INSERT TO forebyg_web WITH CHECK (locked_by_id = (select access.me()));
CREATE POLICY lift_whole ON access_speciallock FOR UPDATE TO forebyg_web
    USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND lifted_at IS NULL)
    WITH CHECK (lifted_at IS NOT NULL AND lifted_by_id = (select access.me()));
GRANT SELECT, INSERT, UPDATE (lifted_at, lifted_by_id) ON access_speciallock TO forebyg_web;

-- As before; but to be named in a lock oneself, for no longer than one has the matter anyway, prolongs nothing.
{_CHECK_GRANT % _UNLESS_NAMED}"""  # noqa: S608  # all of it is ours

BACKWARD = f"""
{_CHECK_GRANT % ""}
DROP TRIGGER admit_under_lock ON access_admission;
DROP FUNCTION access.admit_under_lock();
DROP TRIGGER follow_lock ON access_speciallock;
DROP FUNCTION access.follow_lock();
DROP TRIGGER check_lock ON access_speciallock;
DROP FUNCTION access.check_lock();
DROP POLICY read_known ON access_speciallock;
DROP POLICY lock_whole ON access_speciallock;
DROP POLICY lift_whole ON access_speciallock;
ALTER POLICY read_board ON matters_matter USING (unit_id = ANY ((select access.my_board_units())::uuid[]));
DROP FUNCTION access.locked_matters();
{_LIVE_GRANT % ""}
"""

_KEPT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("access", "0004_agencies_of_the_sealer"), ("matters", "0001_matter")]
    operations = [
        migrations.AddField(
            model_name="admission",
            name="special_only",
            field=models.BooleanField(
                default=False, editable=False, help_text="while a special lock stands: named workers only"
            ),
        ),
        migrations.CreateModel(
            name="SpecialLock",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("locked_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("matter", models.ForeignKey(on_delete=_KEPT, related_name="+", to="matters.matter")),
                ("locked_by", models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("lifted_by", models.ForeignKey(null=True, on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)), fields=("matter",), name="one_lock_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_by", None)),
                            models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="lock_is_lifted_by_somebody",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
