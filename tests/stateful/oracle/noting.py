"""Persons, items, decisions, alarms: written by one agency, owned by it, corrected by it alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tests.stateful.oracle.deeds import FORBIDDEN, Asking, begin, deed, demand
from tests.stateful.oracle.facts import Matter, Person, Record, World
from tests.stateful.oracle.may import AGENCY


@deed
def add_person(world: World, who: str, matter: Matter, *, facts: dict[str, Any]) -> Asking:
    """One more participant (R-011, R-012)."""
    begin(world, who, matter, "write-record")
    yield
    world.keep_person(matter, who, **facts)


@deed
def change_person(world: World, who: str, matter: Matter, *, person: Person, is_subject: bool) -> Asking:
    """A change of role is a new version, by the owner alone."""
    begin(world, who, matter, "correct", after_end=True)
    _own(world, who, matter, person)
    yield
    world.keep_version(person)
    person.is_subject = is_subject


@deed
def relate(world: World, who: str, matter: Matter, *, one: Person, to: Person, kind: str, custody: bool | None) -> Asking:
    """How two persons of the matter are related: one is … of the other (R-011), with or without custody (R-105)."""
    begin(world, who, matter, "write-record")
    demand(one is not to and {one, to} <= set(world.people(who, matter)))
    yield
    says = {"from": one, "to": to, "kind": kind, "answers": custody or (kind == "parent" and custody is None)}
    world.keep(matter, who, "people_relation", [one, to], entry=False, says=says)


def guardians_of(world: World, who: str, person: Person) -> set[Person]:
    """Who answers for a minor, as far as the worker knows: a guardian with custody, or a parent of whom nothing else is
    known; the last relation of its kind stands (A-32, R-105)."""
    standing = {
        (one.says["from"], one.says["kind"]): one.says["answers"]
        for one in world.seen(who, person.matter, "people_relation")
        if one.says["to"] is person
    }
    return {one for one in world.people(who, person.matter) if one.is_guardian} & {
        guardian for (guardian, _kind), answers in standing.items() if answers
    }


@deed
def write(world: World, who: str, matter: Matter, *, what: str, about: Collection[Person]) -> Asking:
    """An item, a decision or an alarm about persons that the writer knows, or about none."""
    begin(world, who, matter, "write-record")
    demand(set(about) <= set(world.people(who, matter)))
    yield
    world.keep(matter, who, f"cases_{what}", about, says={"retracted": False})


@deed
def end_alarm(world: World, who: str, matter: Matter, *, alarm: Record) -> Asking:
    """How an alarm was resolved: once, by the agency that raised it (R-065)."""
    begin(world, who, matter, "write-record", after_end=True)
    demand(alarm.matter is matter and world.sees(who, alarm) and alarm.owner == AGENCY[who])
    demand(not any(end.of is alarm for end in world.seen(who, matter, "cases_alarmend")))
    yield
    world.keep(matter, who, "cases_alarmend", alarm.about, of=alarm)


@deed
def correct(world: World, who: str, matter: Matter, *, item: Record) -> Asking:
    """A new version about the same persons (B-023)."""
    begin(world, who, matter, "correct", after_end=True)
    _own(world, who, matter, item)
    demand(not item.says["retracted"])
    yield
    world.keep_version(item)


@deed
def correct_person(world: World, who: str, matter: Matter, *, item: Record, about: Collection[Person]) -> Asking:
    """The item was about another person."""
    begin(world, who, matter, "correct", after_end=True)
    demand(about and set(about) <= set(world.people(who, matter)))
    _own(world, who, matter, item)
    demand(not item.says["retracted"])
    yield
    world.keep_version(item, frozenset(about))


@deed
def correct_matter(world: World, who: str, matter: Matter, *, item: Record, to: Matter) -> Asking:
    """The item belongs to another case that the writer has whole: written there anew, retracted here."""
    begin(world, who, matter, "correct", after_end=True)
    begin(world, who, to, "write-record", after_end=True)
    demand(to is not matter)
    _own(world, who, matter, item)
    demand(not item.says["retracted"])
    yield
    about = [person for person in world.people(who, to) if person.is_subject]
    world.keep(to, who, "cases_item", about, says={"retracted": False})
    world.keep_version(item)
    item.says["retracted"] = True


@deed
def journal(world: World, who: str, matter: Matter) -> Asking:
    """The number of the case in the own records system (R-057)."""
    begin(world, who, matter, "write-record", after_end=True)
    yield
    world.keep(matter, who, "cases_journallink")


@deed
def tick(world: World, who: str, matter: Matter, *, point: int) -> Asking:
    """A point of the procedure (R-028); a second tick changes nothing."""
    begin(world, who, matter, "write-record")
    yield
    if not any(one.says["point"] == point for one in world.seen(who, matter, "cases_proceduretick")):
        world.keep(matter, who, "cases_proceduretick", entry=False, says={"point": point})


def _own(world: World, who: str, matter: Matter, record: Record) -> None:
    demand(record.matter is matter and world.sees(who, record))
    demand(record.owner == AGENCY[who], FORBIDDEN)
