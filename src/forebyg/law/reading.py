"""From a YAML file to a checked law pack: everything that is wrong is told at once, and nothing is half read."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterable
from pathlib import Path as FilePath

from pydantic import ValidationError

from forebyg.core.expectations import told
from forebyg.core.yaml_source import Path, Problem, Source, read_source
from forebyg.law.checks import faults
from forebyg.law.schema import Pack, Part

PACKS = FilePath(__file__).resolve().parent / "packs"
"""The packs that come with Forebyg, one file each: `<pack id>.yaml`."""

MAX_BYTES = 2_000_000


class PackInvalid(ValueError):
    """A file that is no law pack. `problems` are all that is wrong, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(["the law pack cannot be used:", *(f"  {problem}" for problem in problems)]))


def pack_ids() -> list[str]:
    """The ids of the packs that come with Forebyg."""
    return sorted(path.stem for path in PACKS.glob("*.yaml"))


def read_pack(path: FilePath) -> Pack:
    """The pack in a YAML file. Raises `PackInvalid` with `file:line, path.to.key: expected …, found …` for each problem."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PackInvalid([Problem(path.name, 1, "", f"expected at most {MAX_BYTES} bytes, found {size}")])
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PackInvalid([Problem(path.name, 1, "", f"expected a file that can be read, found: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise PackInvalid([Problem(path.name, 1, "", "expected UTF-8, found other bytes")]) from None
    return parse_pack(text, file=path.name)


def parse_pack(text: str, *, file: str) -> Pack:
    """The pack in a YAML text; `file` is the name that problems give. Raises `PackInvalid`."""
    source = read_source(text, file=file)
    pack = _validated(source) if source.value is not None else None
    if pack is not None:
        for path, fault in faults(pack):
            source.add(path, fault)
    if source.problems or pack is None:
        raise PackInvalid(sorted(source.problems, key=lambda problem: problem.line))
    return pack


def _validated(source: Source) -> Pack | None:
    try:
        return Pack.model_validate_json(json.dumps(source.value))
    except ValidationError as error:
        for details in error.errors(include_url=False):
            source.add(*told(details, _keys_at))
        return None


def _keys_at(path: Path) -> Iterable[str]:
    part: type[Part] | None = Pack
    for name in path:
        if part is None or isinstance(name, int):
            continue
        field = next((field for key, field in part.model_fields.items() if name in (key, field.alias)), None)
        part = _part_in(field.annotation) if field else None
    return [field.alias or key for key, field in part.model_fields.items()] if part else ()


def _part_in(annotation: object) -> type[Part] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next(filter(None, map(_part_in, typing.get_args(annotation))), None)
