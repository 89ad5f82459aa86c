"""The record of what the tests showed: one JSON file, merged over the runs of one `make test`."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORD = Path("var/requirements.json")


@dataclass(frozen=True)
class Mark:
    """What one `@pytest.mark.req(...)` claims: the ids, and the part shown when it is not the whole."""

    ids: tuple[str, ...]
    part: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The mark as it travels between test processes and stands in the file."""
        return {"ids": list(self.ids), "part": self.part}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Mark":
        """The inverse of `as_json`."""
        return cls(ids=tuple(value["ids"]), part=value["part"])


@dataclass(frozen=True)
class Shown:
    """One test: how it ended (`passed`, `failed`, `skipped` or `xfailed`) and what it is marked with."""

    outcome: str
    marks: tuple[Mark, ...]


def read_record(path: Path) -> dict[str, Shown]:
    """The tests recorded so far, by test id. Raises `FileNotFoundError` when no run has been recorded."""
    tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
    return {
        test_id: Shown(entry["outcome"], tuple(Mark.from_json(mark) for mark in entry["marks"]))
        for test_id, entry in tests.items()
    }


def merge_into_record(path: Path, ran: Mapping[str, Shown]) -> None:
    """Add one run to the file. A test that ran again replaces its entry; one that lost its marks loses its entry."""
    tests = read_record(path) if path.exists() else {}
    for test_id, shown in ran.items():
        tests.pop(test_id, None)
        if shown.marks:
            tests[test_id] = shown
    _write(path, tests.items())


def _write(path: Path, tests: Iterable[tuple[str, Shown]]) -> None:
    content = {
        "tests": {
            test_id: {
                "outcome": shown.outcome,
                "marks": [mark.as_json() for mark in shown.marks],
            }
            for test_id, shown in sorted(tests)
        }
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)
