"""The roles and the database are put right where they are there already, but not as they should be."""

from __future__ import annotations

from tests.database import superuser

from forebyg.store.roles import OWNER, ensure_roles_and_database

NAME = "forebyg_with_no_rights_given"


def _who_may_connect() -> list[str]:
    with superuser() as server:
        rows = server.execute(
            "SELECT DISTINCT coalesce(pg_get_userbyid(nullif(a.grantee, 0)), 'PUBLIC') FROM pg_database d,"
            " aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a"
            " WHERE d.datname = %s AND a.privilege_type = 'CONNECT' ORDER BY 1",
            [NAME],
        )
        return [name for (name,) in rows]


def test_a_database_that_lacks_its_rights_is_given_them() -> None:
    with superuser() as server:
        server.execute(f"CREATE DATABASE {NAME} OWNER {OWNER}")
    try:
        assert "PUBLIC" in _who_may_connect()
        with superuser() as server:
            ensure_roles_and_database(server, database=NAME)
        assert "PUBLIC" not in _who_may_connect() and "forebyg_web" in _who_may_connect()
    finally:
        with superuser() as server:
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
