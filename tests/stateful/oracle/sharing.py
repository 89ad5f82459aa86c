"""Seats, grants and disclosures: how need to know begins and ends (R-208, B-024), and how another agency is told (R-098)."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from tests.stateful.oracle.deeds import FORBIDDEN, Asking, begin, deed, demand
from tests.stateful.oracle.facts import TIMELINE, Grant, Matter, Person, Record, World
from tests.stateful.oracle.may import AGENCY, MAY, OUR_UNIT, works_in_cases
from tests.stateful.oracle.steps import turn

YEAR = datetime.timedelta(days=365)
MONTH = datetime.timedelta(days=30)
NEVER_TOLD = {TIMELINE, "cases_disclosure", "cases_task", "cases_clock", "intake_reporteridentity"}
"""Disclosures themselves, what has readers of its own, and who reported (B-003)."""


@deed
def admit(world: World, who: str, matter: Matter, *, contact: str) -> Asking:
    """An agency of the unit takes its seat; its contact has access for a year and a task to get in touch."""
    agency = AGENCY[contact]
    begin(world, who, matter, "admit-agency")
    demand(agency in OUR_UNIT and agency not in matter.admitted and works_in_cases(contact))
    yield
    world.seat(matter, agency)
    world.grant(matter, contact, ends=world.now + YEAR)
    world.keep_task(matter, AGENCY[who], "contact", agency)


@deed
def change_lead(world: World, who: str, matter: Matter, *, to: str) -> Asking:
    """Another agency at the matter leads; the open work of the step goes along when it was the leader's."""
    begin(world, who, matter, "admit-agency")
    demand(to in matter.admitted)
    yield
    earlier, matter.lead = matter.lead, to
    tasks = [task for task in world.seen(who, matter, "cases_task") if task.says["kind"] == "step" and not task.says["done"]]
    left = [task for task in tasks if task.says["assigned"] == earlier]
    if left and turn(matter, matter.step) == to:
        for task in left:
            task.says["done"] = True
        world.keep_task(matter, AGENCY[who], "step", to)


@deed
def give_access(world: World, who: str, matter: Matter, *, to: str, lasts: datetime.timedelta) -> Asking:
    """A colleague of the own agency, for a year at most; oneself for a month, when no colleague could."""
    begin(world, who, matter, "give-access", after_end=True)
    demand(datetime.timedelta() < lasts <= YEAR)
    demand(AGENCY[to] == AGENCY[who] and works_in_cases(to))
    if to == who:
        others = [grant.worker for grant in matter.grants if grant.person is None and grant.runs(world.now)]
        demand(not any(AGENCY[one] == AGENCY[who] and one != who and "give-access" in MAY[one] for one in others))
        demand(lasts <= MONTH)
    yield
    world.grant(matter, to, ends=world.now + lasts)


@deed
def end_access(world: World, who: str, matter: Matter, *, grant: Grant) -> Asking:
    """A grant of the own agency ends before its time, once."""
    begin(world, who, matter, "give-access", after_end=True)
    demand(grant.matter is matter and AGENCY[grant.worker] == AGENCY[who] and not grant.ended)
    yield
    grant.ended = True


@deed
def seat_by_sql(world: World, who: str, matter: Matter, *, agency: str, frame_only: bool) -> Asking:
    """What PostgreSQL lets the web role do: an agency of the unit, by someone who has the whole matter."""
    demand(world.reach(who, matter).whole and agency in OUR_UNIT and agency not in matter.admitted, FORBIDDEN)
    yield
    world.seat(matter, agency, frame_only=frame_only)


@deed
def grant_by_sql(
    world: World, who: str, matter: Matter, *, to: str, person: Person | None, waits: datetime.timedelta,
    lasts: datetime.timedelta,
) -> Asking:  # fmt: skip
    """What PostgreSQL lets the web role do: whole or for one person, from now or later, to a worker of an agency at the
    matter, by someone who has it whole; oneself for 30 days at most."""
    demand(world.reach(who, matter).whole and AGENCY[to] in matter.admitted, FORBIDDEN)
    demand(to != who or waits + lasts <= MONTH, FORBIDDEN)
    yield
    world.grant(matter, to, person=person, starts=world.now + waits, ends=world.now + waits + lasts)


@deed
def disclose(world: World, who: str, matter: Matter, *, records: Collection[Record], to: str) -> Asking:
    """The owner tells an agency at the matter; what it knows already is left out, and nothing new is refused."""
    begin(world, who, matter, "disclose", after_end=True)
    demand(to in matter.admitted)
    demand(all(one.matter is matter and world.sees(who, one) and one.table not in NEVER_TOLD for one in records))
    fresh = [one for one in records if to not in one.readers]
    demand(fresh and all(one.owner == AGENCY[who] for one in fresh))
    yield
    for one in fresh:
        tell(world, who, one, to)


def tell(world: World, who: str, record: Record, to: str) -> None:
    """The record has one more reader, and the disclosure is itself recorded for both."""
    record.told.add(to)
    says = {"withdrawn": False}
    world.keep(record.matter, who, "cases_disclosure", record.about, entry=False, of=record, reads_too=to, says=says)


@deed
def withdraw(world: World, who: str, matter: Matter, *, disclosure: Record) -> Asking:
    """Once, by the owner, who must still know the record itself."""
    begin(world, who, matter, "disclose", after_end=True)
    demand(disclosure.matter is matter and world.sees(who, disclosure))
    demand(disclosure.owner == AGENCY[who] and not disclosure.says["withdrawn"])
    yield
    world.take_back(disclosure)
