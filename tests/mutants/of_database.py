"""Mutants of PostgreSQL's guards, read from the catalog: policies, triggers, row-level security, functions and views."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
from tests.mutants.mutant import Mutant

_FIRST = ("src/forebyg/access/tests", "src/forebyg/audit/tests", "src/forebyg/matters/tests")
_OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
_NOT_OURS = re.compile(r"^procrastinate_")
"""Made by a package; its own tests guard it."""


def mutants_of_database(connection: psycopg.Connection[Any]) -> list[Mutant]:
    """Every mutant of the database that `connection`, a superuser's, is in."""
    return [
        *_policies(connection),
        *_row_security(connection),
        *_triggers(connection),
        *_functions(connection),
        *_views(connection),
    ]


def _policies(connection: psycopg.Connection[Any]) -> Iterator[Mutant]:
    found = connection.execute(
        "SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"
    )
    for table, policy, qual, check in found:
        name = f"policy {policy} on {table}"
        yield _mutant(f"{name}: dropped", (table,), f'DROP POLICY "{policy}" ON "{table}"')
        for clause, expression in (("USING", qual), ("WITH CHECK", check)):
            if expression in (None, "true"):
                continue
            parts = conjuncts(expression)
            yield _mutant(f"{name}: {clause} (true)", (table,), f'ALTER POLICY "{policy}" ON "{table}" {clause} (true)')
            for gone in range(len(parts)) if len(parts) > 1 else ():
                rest = " AND ".join(part for number, part in enumerate(parts) if number != gone)
                part = _short(parts[gone])
                which = f" (part {gone + 1})" if part.endswith("…") else ""
                yield _mutant(
                    f"{name}: {clause} without {part}{which}",
                    (table,),
                    f'ALTER POLICY "{policy}" ON "{table}" {clause} ({rest})',
                )


def _row_security(connection: psycopg.Connection[Any]) -> Iterator[Mutant]:
    found = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relrowsecurity AND {_OURS} ORDER BY 1"
    )
    for (table,) in found:
        yield _mutant(f"row-level security on {table}: disabled", (table,), f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def _triggers(connection: psycopg.Connection[Any]) -> Iterator[Mutant]:
    found = connection.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal ORDER BY 1, 2"
    )
    for table, trigger in found:
        if not _NOT_OURS.match(table):
            yield _mutant(f"trigger {trigger} on {table}: dropped", (table, trigger), f'DROP TRIGGER "{trigger}" ON "{table}"')


def _functions(connection: psycopg.Connection[Any]) -> Iterator[Mutant]:
    found = connection.execute(
        "SELECT n.nspname || '.' || p.proname, pg_get_functiondef(p.oid), p.prosrc FROM pg_proc p"
        f" JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OURS} AND p.prokind = 'f' ORDER BY 1"
    )
    for function, definition, body in found:
        own = function.split(".")[1]
        # What guards a table at migration is judged by the policies that it made.
        if _NOT_OURS.match(own) or own.startswith("guard_"):
            continue
        before, after = definition.split(body)
        for what, mutated in _broken_bodies(body):
            yield _mutant(f"function {function}: {what}", (own,), before + mutated + after)


def _views(connection: psycopg.Connection[Any]) -> Iterator[Mutant]:
    found = connection.execute(
        "SELECT n.nspname || '.' || c.relname, pg_get_viewdef(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind = 'v' AND {_OURS} ORDER BY 1"
    )
    for view, definition in found:
        head, _, condition = (
            definition.rstrip().rstrip(";").partition("\n  WHERE ")
        )  # the view's own; an inner one stands further in
        parts = conjuncts(condition.strip()) if condition else []
        for gone in range(len(parts)):
            rest = " AND ".join(part for number, part in enumerate(parts) if number != gone) or "true"
            yield _mutant(
                f"view {view}: without {_short(parts[gone])}",
                ("access",),
                f"CREATE OR REPLACE VIEW {view} AS {head} WHERE {rest}",
            )


def _broken_bodies(body: str) -> Iterator[tuple[str, str]]:
    """Each refusal left out, each AND made OR, each OR made AND."""
    for number, refusal in enumerate(re.finditer(r"RAISE EXCEPTION '([^']*)'[^;]*;", body), 1):
        yield f"refusal {number} left out ({refusal[1]})", body[: refusal.start()] + "NULL;" + body[refusal.end() :]
    yield from _swapped_words(body)


def _swapped_words(text: str) -> Iterator[tuple[str, str]]:
    for word, other in (("AND", "OR"), ("OR", "AND")):
        for number, hit in enumerate(re.finditer(rf"\b{word}\b", text), 1):
            yield f"{word} {number} made {other}", text[: hit.start()] + other + text[hit.end() :]


def _mutant(name: str, near: tuple[str, ...], statement: str) -> Mutant:
    """Tables and functions are named after their room: `cases_item` is `item` of `cases`."""
    rooms = tuple(f"src/forebyg/{word.partition('_')[0]}/tests" for word in near)
    words = (*near, *(word.partition("_")[2] for word in near if "_" in word), *rooms)
    return Mutant(name, tuple(dict.fromkeys((*_FIRST, *rooms))), words, statement=statement)


def conjuncts(expression: str) -> list[str]:
    """The parts of a conjunction as PostgreSQL prints it; the expression itself when it is none."""
    inner = expression.strip()
    while inner.startswith("(") and _closing(inner, 0) == len(inner) - 1:
        inner = inner[1:-1].strip()
    parts, depth, begin, position = [], 0, 0, 0
    while position < len(inner):
        sign = inner[position]
        if sign == "'":
            position = inner.index("'", position + 1)
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and re.match(r"\sOR\s", inner[position:]):
            return [expression.strip()]
        if depth == 0 and (hit := re.match(r"\sAND\s+", inner[position:])):
            parts.append(inner[begin:position].strip())
            position += hit.end()
            begin = position
            continue
        position += 1
    return [*parts, inner[begin:].strip()]


def _closing(text: str, opening: int) -> int:
    depth, quoted = 0, False
    for position in range(opening, len(text)):
        if text[position] == "'":
            quoted = not quoted
        if not quoted:
            depth += (text[position] == "(") - (text[position] == ")")
            if depth == 0:
                return position
    raise ValueError("a parenthesis is not closed")


def _short(condition: str) -> str:
    plain = re.sub(r"\s+", " ", re.sub(r"\( SELECT access\.(\w+)\(\) AS \w+\)(::uuid\[\])?", r"\1", condition))
    return plain if len(plain) <= 70 else plain[:69] + "…"
