"""Accounts made by administrators, second factors, known browsers: the tables, and who may do what with them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
-- The unit whose accounts the one who acts sets up; NULL for everyone but administrators.
CREATE FUNCTION access.my_administered_unit() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.unit_id FROM access_worker w
    WHERE w.id = access.me() AND EXISTS (SELECT FROM access_roleholding r WHERE r.worker_id = w.id AND r.role IN ('administrator'))
$$;

CREATE FUNCTION access.is_seated(agency uuid, unit uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_membership m WHERE m.agency_id = agency AND m.unit_id = unit)
$$;

CREATE FUNCTION access.is_administered(worker uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_worker w WHERE w.id = worker AND NOT w.is_system AND w.unit_id = access.my_administered_unit())
        AND worker IS DISTINCT FROM access.me()
$$;

-- Accounts: an administrator makes them in the own unit, without a password; nobody gives roles to oneself.
CREATE POLICY make ON access_worker FOR INSERT TO forebyg_web WITH CHECK (
    unit_id = (select access.my_administered_unit()) AND access.is_seated(agency_id, unit_id)
    AND NOT is_system AND starts_with(password, '!') AND last_login IS NULL);
GRANT INSERT ON access_worker TO forebyg_web;
ALTER TABLE access_roleholding ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_all ON access_roleholding FOR SELECT TO forebyg_web USING (true);
-- Whoever oversees sees more than one unit, so the operator alone (the owner role) makes that account and gives it its links.
CREATE FUNCTION access.oversees(worker uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_roleholding r WHERE r.worker_id = worker AND r.role IN ('dpo'))
$$;
CREATE POLICY give ON access_roleholding FOR INSERT TO forebyg_web WITH CHECK (
    access.is_administered(worker_id) AND role NOT IN ('dpo') AND NOT access.oversees(worker_id));
GRANT INSERT ON access_roleholding TO forebyg_web;

-- Suspend an account or let it back in; a suspended one loses its sessions at once. Whether anything changed.
CREATE FUNCTION access.set_active(worker uuid, active boolean) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT access.is_administered(worker) THEN
        RAISE EXCEPTION 'only an administrator of the unit suspends its accounts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE access_worker SET is_active = active WHERE id = worker AND is_active <> active;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF NOT active THEN
        PERFORM access.end_sessions_of(worker);
        UPDATE access_firstuselink SET ended_at = store.now() WHERE worker_id = worker AND used_at IS NULL AND ended_at IS NULL;
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION access.end_sessions_of(worker uuid) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM django_session s USING usersessions_usersession u WHERE u.user_id = worker AND s.session_key = u.session_key;
    DELETE FROM usersessions_usersession WHERE user_id = worker;
$$;

-- Links of first use: made by an administrator for others; who holds one uses it without anybody being signed in.
ALTER TABLE access_firstuselink ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_of_unit ON access_firstuselink FOR SELECT TO forebyg_web USING (access.is_administered(worker_id));
CREATE POLICY make ON access_firstuselink FOR INSERT TO forebyg_web WITH CHECK (
    access.is_administered(worker_id) AND NOT access.oversees(worker_id) AND made_by_id = (select access.me()) AND used_at IS NULL AND ended_at IS NULL
    AND expires_at <= store.now() + interval '7 days');
CREATE POLICY end_open ON access_firstuselink FOR UPDATE TO forebyg_web
    USING (access.is_administered(worker_id) AND used_at IS NULL AND ended_at IS NULL) WITH CHECK (ended_at IS NOT NULL);
GRANT SELECT, INSERT, UPDATE (ended_at) ON access_firstuselink TO forebyg_web;

-- The worker whose open link has this hash; else nothing.
CREATE FUNCTION access.worker_of_link(hash bytea) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.worker_id FROM access_firstuselink l JOIN access_worker w ON w.id = l.worker_id
    WHERE l.token_hash = hash AND l.used_at IS NULL AND l.ended_at IS NULL AND l.expires_at > store.now()
      AND w.is_active AND NOT w.is_system
$$;

-- Use a link, once: what signed the worker in before (second factors, sessions) is gone. The worker, or nothing.
CREATE FUNCTION access.use_link(hash bytea) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    holder uuid := access.worker_of_link(hash);
BEGIN
    UPDATE access_firstuselink SET used_at = store.now()
    WHERE token_hash = hash AND worker_id = holder AND used_at IS NULL AND ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    DELETE FROM mfa_authenticator WHERE user_id = holder;
    DELETE FROM access_factorsecret WHERE worker_id = holder;
    PERFORM access.end_sessions_of(holder);
    RETURN holder;
END $$;

-- Second factors: sign-in itself checks them before anyone acts; only their worker adds and removes them.
ALTER TABLE mfa_authenticator ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_own ON mfa_authenticator FOR SELECT TO forebyg_web USING (user_id = coalesce((select access.me()), user_id));
CREATE POLICY change_own ON mfa_authenticator FOR UPDATE TO forebyg_web USING (user_id = coalesce((select access.me()), user_id));
CREATE POLICY add_own ON mfa_authenticator FOR INSERT TO forebyg_web WITH CHECK (user_id = (select access.me()));
CREATE POLICY remove_own ON mfa_authenticator FOR DELETE TO forebyg_web USING (user_id = (select access.me()));
GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_authenticator TO forebyg_web;
ALTER TABLE access_factorsecret ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_own ON access_factorsecret FOR SELECT TO forebyg_web USING (worker_id = coalesce((select access.me()), worker_id));
CREATE POLICY add_own ON access_factorsecret FOR INSERT TO forebyg_web WITH CHECK (worker_id = (select access.me()));
CREATE POLICY remove_own ON access_factorsecret FOR DELETE TO forebyg_web USING (worker_id = (select access.me()));
GRANT SELECT, INSERT, DELETE ON access_factorsecret TO forebyg_web;

-- Sessions and browsers: a worker's own.
ALTER TABLE usersessions_usersession ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON usersessions_usersession TO forebyg_web USING (user_id = (select access.me()));
GRANT SELECT, INSERT, UPDATE, DELETE ON usersessions_usersession TO forebyg_web;
ALTER TABLE access_knownbrowser ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON access_knownbrowser TO forebyg_web USING (worker_id = (select access.me()));
GRANT SELECT, INSERT, UPDATE (last_seen_at) ON access_knownbrowser TO forebyg_web;

-- Where a notice about the own account is sent; nothing once the account is suspended.
CREATE FUNCTION access.address_for_notice(worker uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT email FROM access_worker WHERE id = worker AND is_active AND NOT is_system
$$;

-- How many accounts are a demo's. A real address never ends so: .example reaches nobody.
CREATE FUNCTION access.example_accounts() RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*)::integer FROM access_worker WHERE email LIKE '%@forebyg.example'
$$;

GRANT EXECUTE ON FUNCTION access.my_administered_unit(), access.is_seated(uuid, uuid), access.is_administered(uuid), access.oversees(uuid),
    access.set_active(uuid, boolean), access.worker_of_link(bytea), access.use_link(bytea) TO forebyg_web;
GRANT EXECUTE ON FUNCTION access.example_accounts() TO forebyg_web, forebyg_worker;
GRANT EXECUTE ON FUNCTION access.address_for_notice(uuid) TO forebyg_worker;

-- Whether the database fits the program is asked at each start.
GRANT SELECT ON django_migrations TO forebyg_web, forebyg_worker;
"""

BACKWARD = """
REVOKE SELECT ON django_migrations FROM forebyg_web, forebyg_worker;
REVOKE ALL ON mfa_authenticator, usersessions_usersession FROM forebyg_web;
DROP POLICY own ON usersessions_usersession;
DROP POLICY read_own ON mfa_authenticator;
DROP POLICY change_own ON mfa_authenticator;
DROP POLICY add_own ON mfa_authenticator;
DROP POLICY remove_own ON mfa_authenticator;
ALTER TABLE mfa_authenticator DISABLE ROW LEVEL SECURITY;
ALTER TABLE usersessions_usersession DISABLE ROW LEVEL SECURITY;
REVOKE INSERT ON access_worker, access_roleholding FROM forebyg_web;
DROP POLICY make ON access_worker;
DROP POLICY read_all ON access_roleholding;
DROP POLICY give ON access_roleholding;
ALTER TABLE access_roleholding DISABLE ROW LEVEL SECURITY;
DROP POLICY read_of_unit ON access_firstuselink;
DROP POLICY make ON access_firstuselink;
DROP POLICY end_open ON access_firstuselink;
DROP FUNCTION access.example_accounts(), access.address_for_notice(uuid), access.use_link(bytea), access.worker_of_link(bytea),
    access.set_active(uuid, boolean), access.end_sessions_of(uuid), access.oversees(uuid), access.is_administered(uuid),
    access.is_seated(uuid, uuid), access.my_administered_unit();
"""

ID = models.UUIDField(editable=False, primary_key=True, serialize=False)


def _of_worker(related_name: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=settings.AUTH_USER_MODEL, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_policies"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstUseLink",
            fields=[
                ("id", ID.clone()),
                ("token_hash", models.BinaryField(help_text="SHA-256 of the 256 random bits in the link", unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "ended_at",
                    models.DateTimeField(help_text="a newer link took its place, or the account was closed", null=True),
                ),
                ("made_by", _of_worker("+", null=True)),
                ("worker", _of_worker("first_use_links")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("used_at", None)),
                        fields=("worker",),
                        name="one_open_link_per_worker",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorSecret",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", ID.clone()),
                ("secret", models.BinaryField()),
                ("worker", _of_worker("+")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="KnownBrowser",
            fields=[
                ("id", ID.clone()),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("worker", _of_worker("known_browsers")),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
