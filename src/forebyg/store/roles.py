"""The database roles of Forebyg and the database they meet in (ARCHITECTURE, "The store").

Only the owner owns anything. No role is a member of another: a policy `TO role` also applies to all who inherit the role.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from forebyg.store.unavailable import RolesMissing, RoleTooPowerful

OWNER = "forebyg_owner"
WEB = "forebyg_web"
WORKER = "forebyg_worker"
PUBLIC = "forebyg_public"
STATS = "forebyg_stats"
SEALER = "forebyg_sealer"
ROLES = (OWNER, WEB, WORKER, PUBLIC, STATS, SEALER)
DATABASE = "forebyg"

_OWNER_OF_PUBLIC = "pg_database_owner"  # PostgreSQL's name for whoever owns the database one is in
_SEARCH_PATH = "public, pg_temp"
SESSION_SETTINGS: Mapping[str, Mapping[str, str]] = {
    OWNER: {},
    WEB: {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"},
    WORKER: {"statement_timeout": "10min", "idle_in_transaction_session_timeout": "60s"},
    PUBLIC: {"statement_timeout": "5s", "idle_in_transaction_session_timeout": "10s"},
    STATS: {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "60s", "default_transaction_read_only": "on"},
    SEALER: {"statement_timeout": "10min", "idle_in_transaction_session_timeout": "60s"},
}
"""What a session of each role starts with. The ledger's sealer waits for open transactions, so none may stay open long."""
_LONGEST_TRANSACTION = {WEB: "30s", PUBLIC: "10s"}
"""However busy it is. PostgreSQL 17 and newer know such a limit; an older one has the two above."""
_KNOWS_LONGEST_TRANSACTION = 170000

_ADVISORY_LOCK = 0x466F7265627967  # "Forebyg": two processes that prepare the same server wait for each other

_POWERS = """
SELECT r.rolname,
       r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls OR r.rolinherit
         OR NOT r.rolcanlogin,
       EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
  FROM pg_roles r WHERE r.rolname = ANY(%s)
"""


def ensure_roles_and_database(
    connection: psycopg.Connection[Any], *, database: str = DATABASE, passwords: Mapping[str, str] | None = None
) -> None:
    """Make the roles and the database where they are missing, and set what a session of each role starts with.

    `connection` is signed in to any database of the server (usually `postgres`) as a superuser or as a login with CREATEROLE
    and CREATEDB; it is left in autocommit. `passwords` (role → password) is for a server of your own; the embedded one signs in
    by the account of the operating system. May be repeated. When all is in place no privilege is needed.

    Raises `RolesMissing` with the SQL for an administrator, and `RoleTooPowerful` when a role could bypass a policy.
    """
    connection.autocommit = True
    connection.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
    try:
        check_powers(connection)
        if _in_place(connection, database) and not passwords:
            return
        try:
            for statement in [*_role_statements(connection), *_database_statements(connection, database)]:
                connection.execute(statement)
            for role, password in (passwords or {}).items():
                verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
                connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))
            _prepare_inside(connection, database)
        except psycopg.errors.InsufficientPrivilege:
            raise RolesMissing(
                "Databaselogin'et må ikke oprette Forebygs roller. Bed serverens administrator køre SQL'en nedenfor.",
                "This database login may not make the roles of Forebyg. Ask an administrator of the server to run:\n\n"
                + sql_for_administrator(database),
            ) from None
        check_powers(connection)
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


def sql_for_administrator(database: str = DATABASE) -> str:
    """The same preparation as a psql script, for an administrator of a server of your own."""
    lines = [_create_role(role).as_string() for role in ROLES]
    lines += [setting.as_string() for role in ROLES for setting in _settings(role)]
    lines += [_create_database(database, builtin_locale=False).as_string(), f"\\connect {sql.Identifier(database).as_string()}"]
    lines += [statement.as_string() for statement in [*_rights_on_database(database), *_rights_on_schema()]]
    lines.append("-- then give each role a password of its own: \\password forebyg_web …")
    return "\n".join(f"{line};" if not line.startswith(("\\", "--")) else line for line in lines) + "\n"


def _create_role(role: str) -> sql.Composed:
    return sql.SQL(
        "CREATE ROLE {} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    ).format(sql.Identifier(role))  # fmt: skip


def _settings(role: str) -> list[sql.Composed]:
    search_path = sql.SQL("ALTER ROLE {} SET search_path = " + _SEARCH_PATH).format(sql.Identifier(role))
    settings = [
        sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value))
        for name, value in SESSION_SETTINGS[role].items()
    ]
    if role in _LONGEST_TRANSACTION:
        settings.append(
            sql.SQL(
                "DO $$ BEGIN IF current_setting('server_version_num')::integer >= {} THEN"
                " ALTER ROLE {} SET transaction_timeout = {}; END IF; END $$"
            ).format(_KNOWS_LONGEST_TRANSACTION, sql.Identifier(role), sql.Literal(_LONGEST_TRANSACTION[role]))
        )
    return [search_path, *settings]


def _role_statements(connection: psycopg.Connection[Any]) -> list[sql.Composed]:
    there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])}
    return [_create_role(role) for role in ROLES if role not in there] + [
        setting for role in ROLES for setting in _settings(role)
    ]


def _create_database(database: str, *, builtin_locale: bool) -> sql.Composed:
    locale: LiteralString = " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'" if builtin_locale else ""
    return sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'" + locale).format(
        sql.Identifier(database), sql.Identifier(OWNER)
    )


def _database_statements(connection: psycopg.Connection[Any], database: str) -> list[sql.Composed]:
    """What makes the database; a login that is no superuser must be a member of the owner while it does so."""
    join = [] if _is_superuser(connection) else [sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER))]
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone() is not None:
        return join
    return [*join, _create_database(database, builtin_locale=connection.info.server_version >= 170000)]


def _all_but_the_owner() -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(role) for role in ROLES if role != OWNER)


def _rights_on_database(database: str) -> list[sql.Composed]:
    name = sql.Identifier(database)
    return [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, _all_but_the_owner()),
    ]


def _rights_on_schema() -> list[sql.Composed]:
    """The owner gets its right by name: before PostgreSQL 16 a NOINHERIT role has nothing from pg_database_owner."""
    return [
        sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC").format(),
        sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(OWNER)),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(_all_but_the_owner()),
    ]


def _prepare_inside(connection: psycopg.Connection[Any], database: str) -> None:
    """Take from PUBLIC what PostgreSQL gives it in a new database, and let the roles in. Runs as whoever owns each."""
    there = make_conninfo(
        "", **(connection.info.get_parameters() | {"dbname": database, "password": connection.info.password or None})
    )
    with psycopg.connect(there, autocommit=True) as inside, inside.transaction():
        for owner, statements in ((OWNER, _rights_on_database(database)), (_OWNER_OF_PUBLIC, _rights_on_schema())):
            inside.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(owner)))
            for statement in statements:
                inside.execute(statement)
    if not _is_superuser(connection):
        connection.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(sql.Identifier(OWNER)))


def _is_superuser(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return row is not None and bool(row[0])


def _in_place(connection: psycopg.Connection[Any], database: str) -> bool:
    """Whether all roles with their settings stand there, and the database with its grants (made in one transaction)."""
    settings = dict(
        connection.execute(
            "SELECT r.rolname, d.setconfig FROM pg_roles r JOIN pg_db_role_setting d ON d.setrole = r.oid AND d.setdatabase = 0"
            " WHERE r.rolname = ANY(%s)",
            [list(ROLES)],
        ).fetchall()
    )
    for role in ROLES:
        wanted = {"search_path": _SEARCH_PATH, **SESSION_SETTINGS[role]}
        if role in _LONGEST_TRANSACTION and connection.info.server_version >= _KNOWS_LONGEST_TRANSACTION:
            wanted["transaction_timeout"] = _LONGEST_TRANSACTION[role]
        if not {f"{name}={value}" for name, value in wanted.items()} <= set(settings.get(role, ())):
            return False
    granted = connection.execute(
        "SELECT FROM pg_database WHERE datname = %s AND pg_get_userbyid(datdba) = %s"
        " AND datacl IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(datacl) a WHERE a.grantee = 0)",
        [database, OWNER],
    ).fetchone()
    return granted is not None


def check_powers(connection: psycopg.Connection[Any]) -> None:
    """Raise `RoleTooPowerful` when a role of ours could bypass a policy. Any role may ask."""
    for role, powerful, member in connection.execute(_POWERS, [list(ROLES)]):
        if powerful:
            raise RoleTooPowerful(
                f"Databaserollen {role} må kun være LOGIN NOINHERIT. Bed en administrator køre: "
                f"ALTER ROLE {role} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS.",
                "The role holds a power that would bypass protection. Ask an administrator to run that statement.",
            )
        if member:
            raise RoleTooPowerful(
                f"Databaserollen {role} er medlem af en anden rolle. Bed en administrator fjerne medlemskabet med REVOKE.",
                "The role is a member of another role. Ask an administrator to REVOKE that membership.",
            )
