"""Mutants of the law packs: each gate, condition, bound, member and date left out in turn. `python -m tests.mutants.of_packs`

They are asked about in this process: the broken pack is made ready and every scenario of it is played, until one differs. Nothing
on disk is changed, and the pack's own checks are left aside, since a scenario is to notice.
"""

from __future__ import annotations

import copy
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.mutants.mutant import Mutant
from tests.mutants.running import Fate, Result

from forebyg.law import words
from forebyg.law.engine import Rules
from forebyg.law.reading import PACKS, pack_ids, read_pack
from forebyg.law.scenario import Scenario, read_scenarios
from forebyg.law.schema import Pack

Place = tuple[str | int, ...]
Plain = dict[str, Any]
MEANING_NOTHING = {
    "provisions": ("id", "name", "citation", "confidence", "purpose_limit", "conditions", "caveats", "maps_to"),
    "forums": ("id", "name"),
    "doubts": ("id", "question"),
    "consent_rules": ("id", "name"),
}
"""What a pack says to its readers only; findings pass it on and decide nothing by it."""


@dataclass(frozen=True)
class PackMutant:
    """A pack with one thing changed."""

    name: str
    pack_id: str
    plain: str

    def rules(self) -> Rules:
        """The broken pack, made ready."""
        return Rules(Pack.model_validate_json(self.plain))


def mutants_of_packs() -> list[PackMutant]:
    """Every mutant of every pack that comes with Forebyg."""
    return [mutant for pack_id in pack_ids() for mutant in mutants_of_pack(read_pack(PACKS / f"{pack_id}.yaml"))]


def mutants_of_pack(pack: Pack) -> Iterator[PackMutant]:
    """Every mutant of one pack."""
    plain = json.loads(pack.model_dump_json(by_alias=True, exclude_defaults=True))
    for place, what, value in _changes(plain):
        broken = copy.deepcopy(plain)
        _change(broken, place, value)
        yield PackMutant(f"pack {pack.meta.id}: {_name(plain, place)} {what}", pack.meta.id, json.dumps(broken))


def asked(mutants: Sequence[PackMutant], scenarios: Sequence[Scenario]) -> Iterator[Result]:
    """Whether a scenario notices, one result for each mutant."""
    for mutant in mutants:
        rules = mutant.rules()
        noticed = (one.id for one in scenarios if one.pack == mutant.pack_id and one.differences(rules))
        by = next(noticed, None)
        yield Result(Mutant(mutant.name), Fate.SURVIVED if by is None else Fate.KILLED, by or "")


GATES_AT = 3
"""How deep the list of a provision's gates lies."""
_GONE = object()
Change = tuple[Place, str, Any]


def _changes(plain: Plain) -> Iterator[Change]:
    meta = plain["meta"]
    yield ("meta", "valid_from"), "a year earlier", _another_year(meta["valid_from"], -1)
    if "valid_to" in meta:
        yield ("meta", "valid_to"), "left out", _GONE
    for part in ("forums", "doubts", "consent_rules", "provisions"):
        for index, each in enumerate(plain.get(part, ())):
            for key, value in each.items():
                if key == "rows":
                    yield from _in_rows((part, index, key), value)
                elif key not in MEANING_NOTHING[part]:
                    yield from _in((part, index, key), value)


def _in_rows(place: Place, rows: list[Plain]) -> Iterator[Change]:
    """Who is asked, and from which age. The first row that fits decides, so a row that begins earlier takes ages from the next."""
    for index, row in enumerate(rows):
        for number in range(len(row["asks"])) if len(row["asks"]) > 1 else ():
            yield (*place, index, "asks", number), "left out", _GONE
        if "from" in row.get("age", {}):
            yield (*place, index, "age", "from"), "a year off", row["age"]["from"] - 1
            yield (*place, index, "age", "from"), "left out", _GONE


def _another_year(day: str, years: int) -> str:
    return f"{int(day[:4]) + years}{day[4:]}"


def _in(place: Place, value: Any) -> Iterator[Change]:
    """The changes of a value and of all inside it."""
    key = place[-1]
    if place[0] == "forums" and key == "purposes":
        yield place, "left out", list(words.PURPOSES)
    elif key not in ("when", "asks", "exchange", "measures", "members", "step", "kind", "rule", "passes_on"):
        yield place, "left out", _GONE
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from _in((*place, inner), each)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            if len(value) > 1 or (len(place) == GATES_AT and key in ("exchange", "measures")):
                yield (*place, index), "left out", _GONE
            if isinstance(each, dict):
                yield from _inside((*place, index), each)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield place, "a year off", value + (1 if key == "from" else -1)


def _inside(place: Place, value: Plain) -> Iterator[Change]:
    if len(place) == GATES_AT + 1 and place[-2] == "exchange":
        asks = value.get("asks", {})
        if "forums" not in value["when"] and asks.get("passes_on") != "anything":
            yield (*place, "asks"), "passing on anything", {**asks, "passes_on": "anything"}
    for key, part in value.items():
        yield from _in((*place, key), part)


def _change(plain: Plain, place: Place, value: Any) -> None:
    *way, last = place
    part: Any = plain
    for step in way:
        part = part[step]
    if value is _GONE:
        del part[last]
    else:
        part[last] = value


def _name(plain: Plain, place: Place) -> str:
    """A place with the id of its provision, forum, doubt or rule and the words at it: `rpl-115 exchange[0].asks.purposes`."""
    part: Any = plain
    said: list[str] = []
    for step in place:
        part = part.get(step) if isinstance(part, dict) else part[step]
        if isinstance(step, int):
            said.append(f" {part['id']} " if isinstance(part, dict) and "id" in part else f"[{_short(part, step)}]")
        else:
            said.append(f".{step}" if said and not said[-1].endswith(" ") else step)
    return "".join(said)


def _short(part: Any, step: int) -> str:
    return part if isinstance(part, str) else str(step)


def main() -> int:
    """Ask about all and print those that no scenario notices; 1 when there is any."""
    begun = time.monotonic()
    mutants = mutants_of_packs()
    alive = [result for result in asked(mutants, read_scenarios()) if result.fate is not Fate.KILLED]
    for result in alive:
        print(f"{result.fate.value:8} {result.mutant.name}")
    print(f"{len(mutants)} rules left out one at a time in {time.monotonic() - begun:.0f} s: {len(alive)} not noticed.")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
