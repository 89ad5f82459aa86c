"""What a gate can reach, dimension by dimension: a gate with an empty one never matches, and one inside another is shadowed."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Hashable
from dataclasses import dataclass

from forebyg.law import words
from forebyg.law.schema import AgeRange, ConsentAsked, ExchangeGate, Forum, MeasureGate, Pack, Persons, Provision
from forebyg.law.tokens import tokens

Dimension = frozenset[Hashable]
Demands = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Reach:
    """The facts that a gate lets through: in each dimension one of the values, on days from first to last, and every demand met."""

    dimensions: dict[str, Dimension]
    demands: Demands
    first: datetime.date
    last: datetime.date

    def empty_dimension(self) -> str | None:
        """The name of a dimension that lets nothing through, if there is one."""
        return next((name for name, values in self.dimensions.items() if not values), None)

    def covers(self, other: Reach) -> bool:
        """Whether whatever the other lets through, this one does too."""
        return (
            self.demands <= other.demands
            and self.first <= other.first
            and other.last <= self.last
            and all(other.dimensions[name] <= values for name, values in self.dimensions.items())
        )


def of_exchange(pack: Pack, provision: Provision, gate: ExchangeGate) -> Reach:
    """The reach of a gate for exchanges."""
    when, asks = gate.when, gate.asks
    cooperations = [forum for forum in pack.forums if forum.id in (when.forums or ())]
    members = _members(pack, cooperations)
    either = tokens(when.either)
    demands = _consent_demanded(asks.consent)
    demands |= {("taking part", forum) for forum in when.forums or ()}
    if asks.passes_on == "recipients-forum":
        demands |= {("recipients-forum",)}
    dimensions: dict[str, Dimension] = {
        "parties": frozenset(
            (sender, recipient)
            for sender in tokens(when.from_) & tokens(asks.from_) & members
            for recipient in tokens(when.to) & members
            if sender in either or recipient in either
        ),
        "same_controller": frozenset({True, False} if when.same_controller is None else {when.same_controller}),
        "forums": _forums(gate),
        "persons": _persons(pack, when.age, asks.persons) & _persons_of(pack, cooperations),
        "purposes": _purposes(when.purposes) & _purposes(asks.purposes) & _purposes_of(cooperations),
        "categories": _categories(gate),
        "triggers": frozenset(
            (trigger, weighing)
            for trigger in when.triggers or (None, *words.TRIGGERS)
            for weighing in words.WRITTEN
            if asks.weighing in (None, weighing)
        ),
    }
    return Reach(dimensions, demands, *pack.validity(provision))


def of_measure(pack: Pack, provision: Provision, gate: MeasureGate) -> Reach:
    """The reach of a gate for measures."""
    when, asks = gate.when, gate.asks
    dimensions: dict[str, Dimension] = {
        "measures": frozenset(when.measures),
        "by": tokens(when.by) & tokens(asks.by),
        "age": _ages(pack, when.age) & _ages(pack, asks.age),
        "purposes": _purposes(when.purposes) & _purposes(asks.purposes),
        "grounds": frozenset(asks.grounds or words.GROUNDS) | ({"refused"} if asks.refused_cooperation else set()),
    }
    demands = _consent_demanded(asks.consent)
    if asks.grounds:
        demands |= {("grounds",)}
    if asks.weighing:
        demands |= {("weighing",)}
    return Reach(dimensions, demands, *pack.validity(provision))


def _consent_demanded(consent: ConsentAsked | None) -> Demands:
    return frozenset() if consent is None else frozenset({("consent", consent.kind, consent.rule)})


def age_classes(pack: Pack) -> tuple[int, ...]:
    """One age for each stretch of ages between which no rule of the pack makes a difference."""
    starts = {0}
    for age in pack.ages():
        starts |= {age.from_, age.to + 1}
    return tuple(sorted(start for start in starts if start <= words.MAX_AGE))


def _members(pack: Pack, cooperations: list[Forum]) -> frozenset[str]:
    if not cooperations:
        return tokens(None)
    in_doubt = {kind for doubt in pack.doubts for kind in doubt.forum_members}
    return frozenset(in_doubt).union(*(tokens(forum.members) for forum in cooperations))


def _persons_of(pack: Pack, cooperations: list[Forum]) -> Dimension:
    if not cooperations:
        return _persons(pack, None, None)
    return frozenset().union(*(_persons(pack, None, forum.persons) for forum in cooperations))


def _purposes_of(cooperations: list[Forum]) -> Dimension:
    return frozenset().union(*(_purposes(forum.purposes) for forum in cooperations)) if cooperations else _purposes(None)


def _forums(gate: ExchangeGate) -> Dimension:
    """Pairs of the forum of the exchange and that under which the sender was told."""
    in_forums = gate.when.forums
    return frozenset(
        (forum, under)
        for forum in in_forums or words.FORUMS
        for under in words.FORUMS
        if under in (words.NO_FORUM, forum if in_forums else None) or (not in_forums and gate.asks.passes_on != "own")
    )


def _persons(pack: Pack, age: AgeRange | None, persons: tuple[Persons, ...] | None) -> Dimension:
    everybody = itertools.product(_ages(pack, age), words.CUSTODIES, words.STANDINGS, (True, False))
    return frozenset(one for one in everybody if persons is None or any(_is_covered(one, kind) for kind in persons))


def _is_covered(person: tuple[int, str, str, bool], kind: Persons) -> bool:
    age, custody, standing, exposed = person
    return (
        (kind.age is None or kind.age.from_ <= age <= kind.age.to)
        and (kind.custody is None or custody in kind.custody)
        and (kind.standing is None or standing in kind.standing)
        and (kind.exposed is None or exposed == kind.exposed)
    )


def _ages(pack: Pack, age: AgeRange | None) -> frozenset[int]:
    return frozenset(start for start in age_classes(pack) if age is None or age.from_ <= start <= age.to)


def _purposes(purposes: tuple[str, ...] | None) -> Dimension:
    return frozenset(purposes or words.PURPOSES) - {words.INVESTIGATION}


def _categories(gate: ExchangeGate) -> Dimension:
    sets = (set(some) for size in range(1, 5) for some in itertools.combinations(words.CATEGORIES, size))
    only, held = gate.when.only_categories, gate.when.with_category
    return frozenset(frozenset(some) for some in sets if (only is None or some <= set(only)) and (held is None or held in some))
