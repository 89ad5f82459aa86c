"""Mutants of the permission checks in our modules, found by reading their syntax; no file on disk is changed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.mutants.mutant import Edit, Mutant, Turn

SOURCE = Path("src")
PERMISSIONS = SOURCE / "forebyg/access/permissions.py"
HELD_BY_ALL = "READ_STRATEGY"
"""The permission of every role: a check for it lets everyone pass."""
HELD_BY_FEW = "ADMINISTER"
_ANYONE = f"__import__('forebyg.access.permissions', fromlist=['Permission']).Permission.{HELD_BY_ALL}"


def mutants_of_code(root: Path) -> list[Mutant]:
    """Every mutant of the permission checks under `root`/src, and of the table of roles."""
    mutants = list(_roles(root))
    for path in sorted((root / SOURCE).rglob("*.py")):
        relative = path.relative_to(root)
        if relative != PERMISSIONS and not {"tests", "migrations"} & set(relative.parts):
            mutants += checks_in(path.read_text(), relative)
    return mutants


def checks_in(source: str, path: Path) -> list[Mutant]:
    """The mutants of one module: each named permission, each check handed on, each refusal."""
    tree = ast.parse(source)
    places = _Places(source)
    found: dict[int, tuple[ast.AST, str, str]] = {}
    for node in ast.walk(tree):
        if _is_permission(node):
            weaker = HELD_BY_FEW if node.attr == HELD_BY_ALL else HELD_BY_ALL
            found[places.start(node)] = (node, f"Permission.{weaker}", f"asks {weaker} instead of {node.attr}")
        elif isinstance(node, ast.keyword) and node.arg == "permission" and isinstance(node.value, ast.Attribute):
            if not _is_permission(node.value):
                found[places.start(node.value)] = (
                    node.value,
                    _ANYONE,
                    f"asks {HELD_BY_ALL} instead of {ast.unparse(node.value)}",
                )
        elif isinstance(node, ast.Call) and _called(node.func) == "require" and not any(map(_is_permission, node.args)):
            found[places.start(node)] = (node, "None", f"{ast.unparse(node)} left out")
        elif isinstance(node, ast.Raise) and node.exc is not None and "NotPermitted" in ast.unparse(node.exc):
            found[places.start(node)] = (node, "pass", "refusal left out")
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    around = _functions(tree)
    room = path.relative_to(SOURCE / "forebyg").parts[0]
    first = (f"src/forebyg/{room}/tests", "src/forebyg/cases/tests", "tests/architecture/test_permission_matrix.py")
    return [
        Mutant(
            f"{path.relative_to(SOURCE / 'forebyg')}:{node.lineno} {what}",
            first,
            (*around(node), path.stem, "permission", "test_views"),
            edit=Edit(module, str(path), start, places.text(node), replacement),
        )
        for start, (node, replacement, what) in sorted(found.items())
    ]


def _functions(tree: ast.Module) -> Callable[[ast.AST], list[str]]:
    """Tells the name of the function at the top of the module, if any, that a node stands in."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]

    def around(node: ast.AST) -> list[str]:
        line = node.lineno  # type: ignore[attr-defined]
        return [function.name for function in functions if function.lineno <= line <= (function.end_lineno or line)]

    return around


def _roles(root: Path) -> Iterator[Mutant]:
    """Each permission taken from each role that has it, and given to each that has not."""
    source = (root / PERMISSIONS).read_text()
    tree = ast.parse(source)
    names = {node.name: _members(node) for node in tree.body if isinstance(node, ast.ClassDef)}
    for role in names["Role"]:
        for permission in names["Permission"]:
            first = ("src/forebyg/access/tests/test_permissions.py",)
            yield Mutant(f"role {role}: {permission} given or taken", first, turn=Turn(role, permission))


def _members(node: ast.ClassDef) -> list[str]:
    return [
        statement.targets[0].id
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id.isupper()
    ]


def _is_permission(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Permission"
        and node.attr.isupper()
    )


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


class _Places:
    """Where nodes stand, in characters; the syntax tree tells columns in bytes."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines = source.splitlines(keepends=True)
        self._begins = [0]
        for line in self._lines:
            self._begins.append(self._begins[-1] + len(line))

    def start(self, node: ast.AST) -> int:
        """The offset of a node's first character."""
        return self._offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def text(self, node: ast.AST) -> str:
        """The node's source."""
        return self.source[self.start(node) : self._offset(node.end_lineno, node.end_col_offset)]  # type: ignore[attr-defined]

    def _offset(self, line: int, column: int) -> int:
        return self._begins[line - 1] + len(self._lines[line - 1].encode()[:column].decode())
