"""YAML as plain values, with the line of every key, and no surprises.

Only what JSON can hold is read: a date stays the text it is, `yes` is a word, anchors, aliases and tags are refused, and a key
given twice is a problem instead of the last one winning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool | None"
Path: TypeAlias = "tuple[str | int, ...]"

_WHOLE = re.compile(r"-?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d+")
_STANDARD_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a pack file. `line` counts from 1."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}, {self.path or '(top)'}: {self.message}"


@dataclass
class Source:
    """A file read as plain values; `lines` holds the line of every path in it."""

    file: str
    value: Plain = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        """Note a problem at a path; the line is that of the nearest key that the file has."""
        at = path
        while at and at not in self.lines:
            at = at[:-1]
        self.problems.append(Problem(self.file, self.lines.get(at, 1), written(path), message))


def written(path: Path) -> str:
    """A path as people write it: `interventions[4].level_refs[0]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_source(text: str, *, file: str) -> Source:
    """The values of a YAML text. A text that is not YAML gives one problem and no value."""
    source = Source(file)
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        source.problems.append(Problem(file, line, "", f"expected YAML, found: {error.problem or error.context}"))
        return source
    except yaml.YAMLError as error:
        source.problems.append(Problem(file, 1, "", f"expected YAML, found: {error}"))
        return source
    if node is None:
        source.add((), "expected the keys of a pack, found an empty file")
        return source
    source.value = _Reader(source).value(node, ())
    return source


class _Reader:
    """Turns nodes into values once; a node met twice is an alias."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._met: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Plain:
        self._source.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._met:
            self._source.add(path, "expected a value written out, found an alias (*)")
            return None
        self._met.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Plain]:
        result: dict[str, Plain] = {}
        for key, child in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            line = key.start_mark.line + 1
            if name in result:
                first = self._source.lines[(*path, name)]
                problem = Problem(
                    self._source.file, line, written((*path, name)), f"expected each key once, found it on line {first} too"
                )
                self._source.problems.append(problem)
                continue
            self._source.lines[(*path, name)] = line
            result[name] = self.value(child, (*path, name))
        return result

    def _scalar(self, node: yaml.Node, path: Path) -> Plain:
        text = str(node.value)
        kind = node.tag.removeprefix(_STANDARD_TAG)
        if kind == "null":
            return None
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        if kind == "int" and _WHOLE.fullmatch(text):
            return int(text)
        if kind == "float" and _DECIMAL.fullmatch(text):
            return float(text)
        if not node.tag.startswith(_STANDARD_TAG):
            self._source.add(path, f"expected a plain value, found the tag {node.tag}")
        return text
