"""What the recorded tests show of the requirements."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.requirements.document import Requirement
from tests.requirements.record import Shown


@dataclass(frozen=True)
class Coverage:
    """The counted requirements, sorted by how far passing tests show them; each list in the document's order."""

    shown: tuple[Requirement, ...]
    partly: tuple[tuple[Requirement, tuple[str, ...]], ...]
    missing: tuple[Requirement, ...]

    @property
    def total(self) -> int:
        """How many requirements are counted."""
        return len(self.shown) + len(self.partly) + len(self.missing)

    def lines(self) -> Iterator[str]:
        """The report: one line for each requirement not wholly shown, then the sum."""
        for requirement in self.missing:
            yield f"missing {requirement.id} {requirement.text}"
        for requirement, parts in self.partly:
            yield f"partly {requirement.id} {requirement.text} ({'; '.join(parts)})"
        yield f"shown {len(self.shown)} of {self.total}"


def measure(requirements: Iterable[Requirement], tests: Mapping[str, Shown]) -> Coverage:
    """Compare the document with the record. Only passed tests show anything."""
    whole: set[str] = set()
    parts: dict[str, set[str]] = {}
    for test in tests.values():
        if test.outcome != "passed":
            continue
        for mark in test.marks:
            if mark.part is None:
                whole.update(mark.ids)
            else:
                for requirement_id in mark.ids:
                    parts.setdefault(requirement_id, set()).add(mark.part)
    counted = [requirement for requirement in requirements if requirement.counted]
    rest = [requirement for requirement in counted if requirement.id not in whole]
    return Coverage(
        shown=tuple(requirement for requirement in counted if requirement.id in whole),
        partly=tuple((r, tuple(sorted(parts[r.id]))) for r in rest if r.id in parts),
        missing=tuple(requirement for requirement in rest if requirement.id not in parts),
    )
