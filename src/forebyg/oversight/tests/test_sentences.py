"""Every action that the product records has a sentence; found in the source, and in what a whole case leaves behind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from forebyg.cases.states import MOVES
from forebyg.cli.scenarios.play import Played
from forebyg.oversight.sentences import OPENING, SENTENCES, Group, actions_of

SOURCE = Path(__file__).resolve().parents[2]
WRITERS = {"record", "note", "keep", "keep_version", "_keep"}
"""The functions that take the name of an action; the rest pass on what they were given."""
NAME = re.compile(r"[a-z]+(?:[.-][a-z]+)+|refused")


def recorded_in(tree: ast.AST) -> Iterator[str]:
    """The names of actions in the calls of one module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in WRITERS:
            given = [*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg == "action")]
            for part in given:
                branches = [part.body, part.orelse] if isinstance(part, ast.IfExp) else [part]
                for one in branches:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and NAME.fullmatch(one.value):
                        yield one.value


def test_every_action_in_the_source_has_its_sentence() -> None:
    modules = [path for path in SOURCE.rglob("*.py") if "tests" not in path.parts]
    found = {action for path in modules for action in recorded_in(ast.parse(path.read_text()))}
    found |= {f"case.{move}" for move in MOVES}
    for path in modules:
        if "migrations" in path.parts:
            for statement in re.findall(r"INSERT INTO audit_event.*?;", path.read_text(), re.DOTALL):
                found |= set(re.findall(r"'([a-z]+\.[a-z-]+)'", statement))
    assert {"case.seen", "item.corrected", "clock.paused", "account-reactivated", "clock.escalated", "refused"} <= found
    assert found == set(SENTENCES)


def test_every_action_of_a_whole_case_has_its_sentence(example: Played) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_owner")
        cursor.execute("SELECT DISTINCT action FROM audit_event")
        found = {action for (action,) in cursor.fetchall()}
        cursor.execute("SET SESSION AUTHORIZATION forebyg_web")
    assert len(found) > 20
    assert found <= set(SENTENCES)


def test_each_sort_of_action_has_some_and_opening_is_reading() -> None:
    assert all(actions_of(group) for group in Group)
    assert set(OPENING) <= set(actions_of(Group.READING))
