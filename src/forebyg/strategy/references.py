"""Ids and what points to them, checked on the plain values so that they are found even where the schema is broken."""

from __future__ import annotations

import difflib
import typing
from dataclasses import dataclass, field

from forebyg.core.yaml_source import Path, Plain, Source
from forebyg.strategy.schema import actors, concepts, example, governance, interventions, meta, pathway, procedures, targets
from forebyg.strategy.schema.pack import Pack
from forebyg.strategy.schema.parts import Part, Refers

_KINDS: dict[type[Part], str] = {
    meta.Section: "section",
    concepts.Definition: "definition",
    concepts.PreventionLevel: "level",
    targets.Goal: "goal",
    targets.Indicator: "indicator",
    targets.Statistic: "statistic",
    targets.Target: "target",
    pathway.Step: "step",
    pathway.Terminal: "ending",
    pathway.Outcome: "outcome",
    pathway.TriageLimit: "triage limit",
    pathway.PathwayRule: "rule",
    actors.TargetGroup: "target group",
    actors.Actor: "actor",
    actors.Channel: "channel",
    actors.LegalRule: "legal rule",
    interventions.Intervention: "intervention",
    interventions.Recommendation: "recommendation",
    interventions.RecommendationGroup: "recommendation group",
    governance.BudgetLine: "budget line",
    procedures.Procedure: "procedure",
    example.Subject: "subject",
    example.Event: "event",
}


@dataclass
class _Found:
    ids: dict[str, tuple[str, Path]] = field(default_factory=dict)
    pointers: list[tuple[Path, str, tuple[str, ...]]] = field(default_factory=list)


def check_references(source: Source) -> None:
    """Add a problem for every id used twice and every reference that finds nothing of the right kind."""
    found = _Found()
    _walk(source, found, source.value, Pack, ())
    for path, target, kinds in found.pointers:
        wanted = " or ".join(_a(kind) for kind in kinds)
        if target not in found.ids:
            same_kind = [name for name, (kind, _) in found.ids.items() if kind in kinds]
            close = difflib.get_close_matches(target, same_kind, n=1)
            hint = f" (did you mean '{close[0]}'?)" if close else ""
            source.add(path, f"expected the id of {wanted}, found '{target}', which is no id in this file{hint}")
        elif found.ids[target][0] not in kinds:
            source.add(path, f"expected the id of {wanted}, found '{target}', which is {_a(found.ids[target][0])}")


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def part_at(path: Path) -> type[Part] | None:
    """The part of the schema that a path leads to, or None when the schema has no such place."""
    part: type[Part] = Pack
    for name in path:
        if isinstance(name, int):
            continue
        inner = _fields(part).get(name, (None, None))[0]
        if inner is None:
            return None
        part = inner
    return part


def _walk(source: Source, found: _Found, value: Plain, part: type[Part], path: Path) -> None:
    if isinstance(value, list):
        for index, each in enumerate(value):
            _walk(source, found, each, part, (*path, index))
        return
    if not isinstance(value, dict):
        return
    own = value.get("id")
    if isinstance(own, str) and "id" in part.model_fields:
        if own in found.ids:
            first = source.lines.get((*found.ids[own][1], "id"), 1)
            source.add((*path, "id"), f"expected an id of its own, found '{own}', which line {first} has too")
        else:
            found.ids[own] = (_kind(part, value), path)
    for name, (inner, refers) in _fields(part).items():
        if name not in value:
            continue
        if inner is not None:
            _walk(source, found, value[name], inner, (*path, name))
        if refers is not None:
            found.pointers.extend(_pointers(value[name], (*path, name), refers))


def _kind(part: type[Part], value: dict[str, Plain]) -> str:
    if part is actors.TargetGroup and value.get("kind") == "case-type":
        return "case type"
    return _KINDS.get(part, part.__name__.lower())


def _pointers(value: Plain, path: Path, refers: Refers) -> list[tuple[Path, str, tuple[str, ...]]]:
    if isinstance(value, str):
        return [(path, value, refers.kinds)]
    if isinstance(value, list):
        return [((*path, index), each, refers.kinds) for index, each in enumerate(value) if isinstance(each, str)]
    return []


def _fields(part: type[Part]) -> dict[str, tuple[type[Part] | None, Refers | None]]:
    """For each field of a part: the part inside it, and what its strings refer to."""
    result: dict[str, tuple[type[Part] | None, Refers | None]] = {}
    for name, info in part.model_fields.items():
        inner, refers = _shape(info.annotation)
        refers = next((note for note in info.metadata if isinstance(note, Refers)), refers)
        result[name] = (inner, refers)
    return result


def _shape(annotation: object) -> tuple[type[Part] | None, Refers | None]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation, None
    inner: type[Part] | None = None
    refers = next((note for note in getattr(annotation, "__metadata__", ()) if isinstance(note, Refers)), None)
    for argument in typing.get_args(annotation):
        its_part, its_refers = _shape(argument)
        inner, refers = inner or its_part, refers or its_refers
    return inner, refers
