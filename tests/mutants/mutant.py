"""One broken guard: SQL run on the cloned database, a role's permission turned over, or a module's source edited while it is
imported."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Edit:
    """Replace `original`, which begins at this offset of the module's source (characters), by `replacement`."""

    module: str
    path: str
    start: int
    original: str
    replacement: str

    def apply(self, source: str) -> str:
        """The source with the edit. Raises `ValueError` when the file has changed since it was read."""
        end = self.start + len(self.original)
        if source[self.start : end] != self.original:
            raise ValueError(f"{self.path} has changed since its mutants were listed")
        return source[: self.start] + self.replacement + source[end:]


@dataclass(frozen=True)
class Turn:
    """Take a permission from a role that has it, or give it to one that has not (names of the enumerations' members)."""

    role: str
    permission: str


@dataclass(frozen=True)
class Mutant:
    """A guard to break, by one of `statement`, `turn` and `edit`.

    The tests under the paths `first` are asked before all others, and among them those whose id holds one of the words
    `near`, the first word before the second.
    """

    name: str
    first: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    statement: str = ""
    turn: Turn | None = None
    edit: Edit | None = None

    def as_fields(self) -> dict[str, Any]:
        """For a file that another process reads."""
        return asdict(self)

    @classmethod
    def of_fields(cls, fields: dict[str, Any]) -> Mutant:
        """The other way."""
        turn = Turn(**fields["turn"]) if fields["turn"] else None
        edit = Edit(**fields["edit"]) if fields["edit"] else None
        return cls(fields["name"], tuple(fields["first"]), tuple(fields["near"]), fields["statement"], turn, edit)
