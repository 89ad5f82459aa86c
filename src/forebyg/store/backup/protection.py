"""What guards the rows, as the catalog says it: compared before a backup and after it was brought back."""
# ruff: noqa: S608 - the parts of each query are constants of this file

from __future__ import annotations

import hashlib
from typing import Any, LiteralString

import psycopg

_OURS: LiteralString = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
_RIGHTS: LiteralString = (
    "x.grantor::regrole, coalesce(nullif(x.grantee, 0)::regrole::text, ''), x.privilege_type, x.is_grantable"
)

_ASPECTS: dict[str, LiteralString] = {
    "policies": "SELECT p::text FROM pg_policies p",
    "row security and owners": "SELECT concat_ws(' ', n.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity,"
    f" c.relowner::regrole) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}"
    " AND c.relkind IN ('r', 'p', 'v', 'm', 'S')",
    "triggers": "SELECT concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled) FROM pg_trigger t"
    f" JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND {_OURS}",
    "functions": "SELECT concat_ws(' ', pg_get_functiondef(p.oid), p.proowner::regrole) FROM pg_proc p"
    f" JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OURS} AND p.prokind IN ('f', 'p')",
    "rights to tables": f"SELECT concat_ws(' ', n.nspname, c.relname, {_RIGHTS}) FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace,"
    " aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END, c.relowner))) x"
    f" WHERE {_OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'S')",
    "rights to columns": f"SELECT concat_ws(' ', n.nspname, c.relname, a.attname, {_RIGHTS}) FROM pg_attribute a"
    " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(a.attacl) x"
    f" WHERE {_OURS} AND NOT a.attisdropped",
    "rights to functions": f"SELECT concat_ws(' ', p.oid::regprocedure, {_RIGHTS}) FROM pg_proc p"
    " JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x"
    f" WHERE {_OURS}",
    "rights to schemas": f"SELECT concat_ws(' ', n.nspname, {_RIGHTS}) FROM pg_namespace n,"
    f" aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x WHERE {_OURS}",
    "default rights": f"SELECT concat_ws(' ', d.defaclrole::regrole, d.defaclnamespace, d.defaclobjtype, {_RIGHTS})"
    " FROM pg_default_acl d, aclexplode(d.defaclacl) x",
}


def protection(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """For each aspect how many there are and a hash of them all, for example `{"policies": "112 3f…"}`."""
    found = {}
    for aspect, query in _ASPECTS.items():
        lines = sorted(str(line) for (line,) in connection.execute(query))
        found[aspect] = f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"
    return found
