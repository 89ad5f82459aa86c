"""What the shape of a pack alone can't show: overlapping validity, rules that never match, rules that another one shadows."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forebyg.core.yaml_source import Path
from forebyg.law import reach, words
from forebyg.law.reach import Reach
from forebyg.law.schema import ConsentAsked, ConsentRule, ExchangeGate, MeasureGate, Pack, Provision
from forebyg.law.tokens import tokens

Fault = tuple[Path, str]


def faults(pack: Pack) -> Iterator[Fault]:
    """Everything that is wrong in a pack of the right shape: where, and why."""
    yield from _ids_used_twice(pack)
    yield from _validity(pack)
    yield from _references(pack)
    yield from _consent_rows(pack)
    yield from _doubts(pack)
    yield from _prohibitions(pack)
    yield from _gates_that_never_match(pack)
    yield from _shadowed_gates(pack)


def _ids_used_twice(pack: Pack) -> Iterator[Fault]:
    lists: list[tuple[str, Sequence[str]]] = [
        ("forums", [forum.id for forum in pack.forums]),
        ("doubts", [doubt.id for doubt in pack.doubts]),
        ("consent_rules", [rule.id for rule in pack.consent_rules]),
        ("steps", pack.steps),
    ]
    for name, ids in lists:
        for index, one in enumerate(ids):
            if one in ids[:index]:
                yield (name, index), f"expected an id of its own, found '{one}' a second time"


def _validity(pack: Pack) -> Iterator[Fault]:
    seen: dict[str, list[int]] = {}
    for index, provision in enumerate(pack.provisions):
        first, last = pack.validity(provision)
        path: Path = ("provisions", index)
        if last < first:
            yield path, f"this rule can never match: it ends ({last}) before it begins ({first})"
        if first < pack.meta.valid_from or (pack.meta.valid_to is not None and last > pack.meta.valid_to):
            yield path, f"expected dates within those of the pack, found {first} to {last}"
        for other in seen.get(provision.id, ()):
            other_first, other_last = pack.validity(pack.provisions[other])
            if first <= other_last and other_first <= last:
                yield path, f"overlapping validity: provisions[{other}] is '{provision.id}' on some of the same days"
        seen.setdefault(provision.id, []).append(index)


def _references(pack: Pack) -> Iterator[Fault]:
    forums = {forum.id for forum in pack.forums}
    rules = {rule.id for rule in pack.consent_rules}
    used_steps, used_rules, used_forums = set[str](), set[str](), set[str]()
    for path, consent in _consents_asked(pack):
        used_rules.add(consent.rule)
        if consent.rule not in rules:
            yield (*path, "rule"), f"expected the id of a consent rule, found '{consent.rule}'"
    for index, provision in enumerate(pack.provisions):
        for number, gate in enumerate(provision.exchange):
            here: Path = ("provisions", index, "exchange", number)
            used_steps.add(gate.step)
            if gate.step not in pack.steps:
                yield (*here, "step"), f"expected one of the steps of the pack, found '{gate.step}'"
            for forum in gate.when.forums or ():
                used_forums.add(forum)
                if forum not in forums:
                    yield (*here, "when", "forums"), f"expected a forum of the pack, found '{forum}'"
    for index, step in enumerate(pack.steps):
        if step not in used_steps:
            yield ("steps", index), f"this step can never match: no gate stands in '{step}'"
    for index, one in enumerate(pack.forums):
        if one.id not in used_forums:
            yield ("forums", index), f"this forum can never match: no gate belongs to '{one.id}'"
    for index, rule in enumerate(pack.consent_rules):
        if rule.id not in used_rules:
            yield ("consent_rules", index), f"this rule can never match: no gate asks for '{rule.id}'"


def _consents_asked(pack: Pack) -> Iterator[tuple[Path, ConsentAsked]]:
    for index, provision in enumerate(pack.provisions):
        for kind, number, gate in _numbered_gates(provision):
            if gate.asks.consent is not None:
                yield ("provisions", index, kind, number, "asks", "consent"), gate.asks.consent


def _numbered_gates(provision: Provision) -> Iterator[tuple[str, int, ExchangeGate | MeasureGate]]:
    for number, gate in enumerate(provision.exchange):
        yield "exchange", number, gate
    for number, measure in enumerate(provision.measures):
        yield "measures", number, measure


def _consent_rows(pack: Pack) -> Iterator[Fault]:
    for index, rule in enumerate(pack.consent_rules):
        yield from _rows_of(rule, ("consent_rules", index, "rows"))


def _rows_of(rule: ConsentRule, path: Path) -> Iterator[Fault]:
    covered: dict[int, int] = {}
    for number, row in enumerate(rule.rows):
        if row.age.to < row.age.from_:
            yield (*path, number), f"this rule can never match: no age lies from {row.age.from_} to {row.age.to}"
        for age in range(row.age.from_, row.age.to + 1):
            if age in covered:
                yield (*path, number), f"shadowed: rows[{covered[age]}] is about the age of {age} too"
                break
            covered[age] = number
    gap = next((age for age in range(words.MAX_AGE + 1) if age not in covered), None)
    if gap is not None:
        yield path, f"expected a row for every age, found none for {gap}"


def _doubts(pack: Pack) -> Iterator[Fault]:
    members = frozenset().union(*(tokens(forum.members) for forum in pack.forums))
    for index, doubt in enumerate(pack.doubts):
        if not doubt.forum_members and not doubt.recipients:
            yield ("doubts", index), "this doubt can never match: it is about no kind"
        for kind in doubt.forum_members:
            if kind in members:
                yield ("doubts", index, "forum_members"), f"shadowed: '{kind}' is a member of a forum without doubt too"


def _prohibitions(pack: Pack) -> Iterator[Fault]:
    """What no pack may say: outside recipients without consent, one consent for the other, forum information without its mark."""
    outside, not_bound = tokens(["outside"]), tokens(["outside", "family"])
    for index, provision in enumerate(pack.provisions):
        for number, gate in enumerate(provision.exchange):
            path: Path = ("provisions", index, "exchange", number)
            if outside & tokens(gate.when.to) and gate.asks.consent is None:
                yield path, "expected a consent, since a recipient may be outside the authorities (R-089)"
            is_free = tokens(gate.when.to) == tokens(["citizen"]) or not tokens(gate.when.from_) - not_bound
            if gate.asks.unhindered and not is_free:
                yield (
                    (*path, "asks", "unhindered"),
                    "expected a gate to the citizen or from outside: all others need a written need",
                )
            if gate.when.forums and words.NOT_FOR_INVESTIGATION not in provision.marks:
                yield path, f"expected the mark {words.NOT_FOR_INVESTIGATION} on a provision for a forum (R-082)"
    for path, consent in _consents_asked(pack):
        wanted = "share" if path[2] == "exchange" else "take-part"
        if consent.kind != wanted:
            yield (*path, "kind"), f"expected '{wanted}': the two consents are kept apart (B-031), found '{consent.kind}'"


@dataclass(frozen=True)
class _Gate:
    path: Path
    provision: Provision
    step: int
    reach: Reach


def _gates(pack: Pack) -> Iterator[_Gate]:
    for index, provision in enumerate(pack.provisions):
        for number, gate in enumerate(provision.exchange):
            if gate.step in pack.steps:
                path: Path = ("provisions", index, "exchange", number)
                yield _Gate(path, provision, pack.steps.index(gate.step), reach.of_exchange(pack, provision, gate))
        for number, measure in enumerate(provision.measures):
            path = ("provisions", index, "measures", number)
            yield _Gate(path, provision, 0, reach.of_measure(pack, provision, measure))


def _gates_that_never_match(pack: Pack) -> Iterator[Fault]:
    for gate in _gates(pack):
        empty = gate.reach.empty_dimension()
        if empty is not None:
            yield gate.path, f"this rule can never match: nothing is left of its {empty}"
    for index, provision in enumerate(pack.provisions):
        for number, measure in enumerate(provision.measures):
            if measure.asks.refused_cooperation and not measure.asks.grounds:
                path: Path = ("provisions", index, "measures", number, "asks", "refused_cooperation")
                yield path, "this rule can never match: refused_cooperation adds to grounds, and there are none"
        for path, repeated in _repeated(provision, ("provisions", index)):
            yield path, f"shadowed: '{repeated}' stands in the list twice"


def _repeated(provision: Provision, path: Path) -> Iterator[tuple[Path, str]]:
    for kind, number, gate in _numbered_gates(provision):
        for half, part in (("when", gate.when), ("asks", gate.asks)):
            for name, values in part:
                for value in _twice(values) if isinstance(values, tuple) else ():
                    yield (*path, kind, number, half, name), value


def _twice(values: Iterable[object]) -> list[str]:
    return [value for value, times in Counter(map(str, values)).items() if times > 1]


def _shadowed_gates(pack: Pack) -> Iterator[Fault]:
    gates = [gate for gate in _gates(pack) if gate.reach.empty_dimension() is None]
    for one, other in itertools.permutations(gates, 2):
        if one.path[2] != other.path[2] or not _comes_first(one, other):
            continue
        if one.reach.covers(other.reach):
            yield other.path, f"shadowed: {_written(one)} lets through whatever this one does"


def _comes_first(one: _Gate, other: _Gate) -> bool:
    """An earlier step leaves nothing to a later one; in the same step only gates of the same provision repeat each other."""
    if one.step != other.step:
        return one.step < other.step
    if one.provision is not other.provision:
        return False
    return not other.reach.covers(one.reach) or one.path < other.path


def _written(gate: _Gate) -> str:
    _, index, kind, number = gate.path
    return f"provisions[{index}].{kind}[{number}] ('{gate.provision.id}')"
