"""The requirements as `docs/requirements.md` states them."""

import re
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path("docs/requirements.md")

_LINE = re.compile(r"^- \*\*(?P<id>[A-Z]+-\d+)\*\* (?:\[(?:must|implied)\] )?(?P<text>.+)$")
_COUNTED = ("R-", "B-")


class DocumentError(Exception):
    """The document cannot be read as a list of requirements."""


@dataclass(frozen=True)
class Requirement:
    """One line of the document: its id (R-, B-, or A- for a reading of an ambiguous point) and its sentence."""

    id: str
    text: str

    @property
    def counted(self) -> bool:
        """Whether a test must show it. Readings (A-) may be named in a mark but are not counted."""
        return self.id.startswith(_COUNTED)


def read_requirements(path: Path) -> dict[str, Requirement]:
    """Every requirement and reading of the document by id, in the document's order.

    Raises `DocumentError` when an id stands twice, or when the document holds none.
    """
    found: dict[str, Requirement] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        requirement = Requirement(match["id"], match["text"])
        if requirement.id in found:
            raise DocumentError(f"{requirement.id} stands twice in {path.name}")
        found[requirement.id] = requirement
    if not found:
        raise DocumentError(f"{path.name} holds no requirements")
    return found
