"""What import-linter can't see: foreign keys by name, ways around the one fetch, and what migrations import."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from forebyg.access.records import Record
from forebyg.cases.models import Case, CaseMove

SOURCE = Path(__file__).resolve().parents[2] / "src" / "forebyg"
ROOMS = [
    "core",
    "ui",
    "store",
    "audit",
    "matters",
    "access",
    "strategy",
    "law",
    "people",
    "cases",
    "sharing",
    "intake",
    "meetings",
    "oversight",
]
"""From the ground up, as in pyproject's layers."""

GUARDED = {model.__name__ for model in apps.get_models() if issubclass(model, Record)} | {Case.__name__, CaseMove.__name__}


def test_foreign_keys_point_to_the_same_room_or_one_below() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model._meta.app_label in ROOMS
        and ROOMS.index(field.related_model._meta.app_label) > ROOMS.index(model._meta.app_label)
    ]
    assert upward == []


def test_every_room_with_models_stands_in_the_list() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("forebyg.")}
    assert ours <= set(ROOMS)


def _ways_to_rows(tree: ast.AST) -> list[tuple[str, str, int]]:
    """Each `Model.objects.method` of a guarded model: (model, first method, line)."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "objects"):
            continue
        name = node.value.value
        if isinstance(name, ast.Name) and (name.id in GUARDED or name.id == "model"):
            found.append((name.id, node.attr, node.lineno))
    return found


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def _modules(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in SOURCE.glob(pattern) if "tests" not in path.parts)


@pytest.mark.parametrize(
    "path", _modules("*/forms.py", "*/forms/*.py", "*/rules.py", "*/acts.py", "*/views/acts.py"), ids=_name
)
def test_forms_and_rules_reach_no_row_by_themselves(path: Path) -> None:
    assert _ways_to_rows(ast.parse(path.read_text())) == []


OTHER_WAYS = {
    # The frame of cases that were fetched, or of the board: it holds no word about a person.
    ("cases/page.py", "CaseMove"),
    ("cases/views/tab_overview.py", "CaseMove"),
    ("cases/queries.py", "Clock"),
    ("cases/board.py", "Clock"),
    ("cases/board.py", "CaseMove"),
    ("cases/inbox.py", "Clock"),
    ("cases/lists.py", "Clock"),
    ("cases/lists.py", "Task"),
    ("cases/lists.py", "Case"),
    ("cases/inbox.py", "Case"),
    ("cases/page.py", "Case"),
    ("cases/actions/triage.py", "CaseMove"),
    # Counts and earlier versions of records whose current version was fetched by what the worker may see.
    ("cases/page.py", "model"),
    ("cases/versions.py", "model"),
}
"""Queries that begin otherwise than from `visible_to`, each with its reason. PostgreSQL's policies hold for them, too."""


@pytest.mark.parametrize("path", _modules("*/*.py", "*/actions/*.py", "*/views/*.py"), ids=_name)
def test_every_query_for_rows_begins_from_what_the_worker_may_see(path: Path) -> None:
    if path.parent.name == "cli":
        return  # plays and checks of invented cases, no page
    tree = ast.parse(path.read_text())
    changes = _changes_of_fetched_rows(tree)
    strangers = [
        (_name(path), model, line)
        for model, method, line in _ways_to_rows(tree)
        if method not in ("visible_to", "on_the_board_of") and line not in changes and (_name(path), model) not in OTHER_WAYS
    ]
    assert strangers == []


def _changes_of_fetched_rows(tree: ast.AST) -> set[int]:
    """Lines of `Model.objects.filter(id=row.id).update(…)`: the row was fetched, this writes it."""
    lines = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"):
            continue
        inner = node.func.value
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr == "filter":
            by_id = [keyword.arg for keyword in inner.keywords] == ["id"]
            if by_id:
                lines.add(inner.func.lineno)
    return lines


def test_migrations_import_no_application_code() -> None:
    imports = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in _modules("*/migrations/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("forebyg"))
        or (isinstance(node, ast.Import) and any(name.name.startswith("forebyg") for name in node.names))
    ]
    assert imports == []
