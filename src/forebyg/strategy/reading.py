"""From a YAML file to a checked `Pack`: everything that is wrong is told at once, and nothing is half read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path as FilePath

from pydantic import ValidationError

from forebyg.core.errors import RuleBroken
from forebyg.core.expectations import told
from forebyg.core.yaml_source import Path, Plain, Problem, Source, read_source
from forebyg.strategy.personal_data import looks_personal
from forebyg.strategy.references import check_references, part_at
from forebyg.strategy.schema.pack import Pack

PACKS = FilePath(__file__).resolve().parent / "packs"
"""The packs that come with Forebyg, one file each: `<pack id>.yaml`."""

MAX_BYTES = 5_000_000


class PackInvalid(RuleBroken):
    """A pack file that is not a pack. `problems` are all of them, in the order of the file."""

    code = "pack-invalid"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        lines = [f"  {problem}" for problem in problems]
        super().__init__("\n".join(["Pakken kan ikke læses / the pack cannot be read:", *lines]))


def read_pack(path: FilePath) -> Pack:
    """The pack in a YAML file. Raises `PackInvalid` with `file:line, path.to.key: expected …, found …` for each problem."""
    return parse_pack(_text(path), file=path.name)


def parse_pack(text: str, *, file: str) -> Pack:
    """The pack in a YAML text; `file` is the name that problems give. Raises `PackInvalid`."""
    source = read_source(text, file=file)
    pack = _checked(source) if source.value is not None else None
    if source.problems or pack is None:
        raise PackInvalid(sorted(source.problems, key=lambda problem: problem.line))
    return pack


def _text(path: FilePath) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PackInvalid([Problem(path.name, 1, "", f"expected at most {MAX_BYTES} bytes, found {path.stat().st_size}")])
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PackInvalid([Problem(path.name, 1, "", f"expected a file that can be read, found: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise PackInvalid([Problem(path.name, line, "", "expected UTF-8, found other bytes")]) from None


def _checked(source: Source) -> Pack | None:
    check_references(source)
    for path, text in _texts(source.value, ()):
        if kind := looks_personal(text):
            source.add(path, f"expected no personal data, found what looks like {kind}")
    try:
        return Pack.model_validate_json(json.dumps(source.value))
    except ValidationError as error:
        for details in error.errors(include_url=False):
            source.add(*told(details, _fields_at))
        return None


def _texts(value: Plain, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, (*path, index))


def _fields_at(path: Path) -> Iterable[str]:
    part = part_at(path)
    return part.model_fields if part else ()
