"""Offers, answers and courses: begun on a yes (R-092, A-32); a mentor or coach knows of one person, while it runs (R-209)."""

from __future__ import annotations

import datetime

from dateutil.relativedelta import relativedelta
from tests.stateful.oracle.clocks import running, stop
from tests.stateful.oracle.deeds import FORBIDDEN, HIDDEN, Asking, begin, deed, demand
from tests.stateful.oracle.facts import ENDED, HERE, Matter, Person, Record, World, day_of
from tests.stateful.oracle.may import AGENCY, MAY, SAME_CONTROLLER_AS_VINK, works_in_cases
from tests.stateful.oracle.noting import guardians_of
from tests.stateful.oracle.sharing import YEAR, tell
from tests.stateful.oracle.steps import course_state

ENDINGS = {"completed", "interrupted", "handed-over"}
LOGGED = {"session", "missed", "focus"}
FOLLOW_UPS = {"mentorstoette": {"outcome-6-months": 6, "occupation-12-months": 12}, "foraeldrecoaching": {}}
"""R-074: what the strategy asks of those who completed, in months."""
RE_OFFERS = (3, 6)
"""R-073, in months."""


@deed
def offer(world: World, who: str, matter: Matter, *, to: Person, intervention: str) -> Asking:
    """An offer to one participant (R-102)."""
    begin(world, who, matter, "agree-measures")
    demand(to in world.people(who, matter))
    yield
    world.keep(matter, who, "cases_offer", [to], says={"intervention": intervention})


@deed
def answer(world: World, who: str, matter: Matter, *, offer: Record, by: Person, kind: str) -> Asking:
    """A no starts the clocks of the new offer; a yes stops them, unless a no that must be heard still stands (A-32). From 18
    the citizen alone answers (R-104)."""
    begin(world, who, matter, "agree-measures", after_end=True)
    demand(offer.matter is matter and world.sees(who, offer))
    known = world.people(who, matter)
    (citizen,) = offer.about
    is_grown_up = citizen in known and citizen.is_minor(day_of(world.now)) is False
    demand(by in known and (by is citizen or (by in guardians_of(world, who, citizen) and not is_grown_up)))
    yield
    world.keep(matter, who, "cases_answer", offer.about, of=offer, says={"by": by, "kind": kind})
    says = {"by": by, "kind": kind, "intervention": offer.says["intervention"]}
    world.keep(matter, who, "people_consent", offer.about, entry=False, says=says)
    waiting = [one for one in running(world, who, matter, "re-offer") if one.of is offer]
    if kind == "accepted":
        is_minor = citizen in known and citizen.is_minor(day_of(world.now))
        heard = {citizen} | (guardians_of(world, who, citizen) if is_minor else set())
        if not any(said == "refused" for one, said in standing(world, who, offer).items() if one in heard):
            for clock in waiting:
                stop(clock, world.now)
    elif kind == "refused" and not waiting:
        for months in RE_OFFERS:
            world.keep_clock(matter, who, "re-offer", start=world.now, due=_after(world.now, months), about=[citizen], of=offer)


def standing(world: World, who: str, offer: Record) -> dict[Person, str]:
    """The last answer of each, as far as the worker knows."""
    answers = [one for one in world.seen(who, offer.matter, "cases_answer") if one.of is offer]
    return {one.says["by"]: one.says["kind"] for one in answers}


def taking_part(world: World, who: str, offer: Record) -> dict[Person, str]:
    """What each said last of taking part in the measure of an offer, whichever offer they said it to (B-031)."""
    same = [
        one
        for one in world.seen(who, offer.matter, "people_consent")
        if one.about == offer.about and one.says["intervention"] == offer.says["intervention"]
    ]
    return {one.says["by"]: one.says["kind"] for one in same}


@deed
def start_course(world: World, who: str, matter: Matter, *, offer: Record, holder: str | None) -> Asking:
    """A course on a yes: the citizen's, and for someone under 18 also a guardian's. Its holder, of the same controller, is
    admitted for this person alone and told the person and the course."""
    begin(world, who, matter, "run-course")
    demand(offer.matter is matter and world.sees(who, offer))
    (citizen,) = offer.about
    known = world.people(who, matter)
    demand(citizen in known)
    is_minor = citizen.is_minor(day_of(world.now))
    demand(is_minor is not None)
    now = taking_part(world, who, offer)
    said = {by: now.get(by, kind) for by, kind in standing(world, who, offer).items() if by in known}
    demand(said.get(citizen) == "accepted")
    demand(not is_minor or any(said.get(one) == "accepted" for one in guardians_of(world, who, citizen)))
    demand(not any(course.of is offer for course in world.seen(who, matter, "cases_course")))
    is_guest = holder is not None and AGENCY[holder] != AGENCY[who]
    if holder is not None:
        demand(AGENCY[holder] in SAME_CONTROLLER_AS_VINK and (works_in_cases(holder) or not is_guest))
    yield
    course = world.keep(matter, who, "cases_course", [citizen], of=offer, says={"holder": holder})
    if holder is not None and is_guest:
        _let_in(world, matter, holder, citizen)
    for told in (course, citizen):
        if holder is not None and told.owner == AGENCY[who] and AGENCY[holder] not in told.readers:
            tell(world, who, told, AGENCY[holder])


@deed
def log(world: World, who: str, matter: Matter, *, course: Record, kind: str) -> Asking:
    """The holder's own log, of the own course only (R-114); the agency that runs the course is told."""
    demand(world.reach(who, matter).frame, HIDDEN)
    demand("log-course" in MAY[who], FORBIDDEN)
    demand(matter.step != ENDED)
    demand(course.matter is matter and world.sees(who, course) and course.says["holder"] == who and kind in LOGGED)
    demand(_state_known(world, who, course) not in ENDINGS)
    yield
    event = world.keep(matter, who, "cases_courseevent", course.about, of=course, says={"kind": kind})
    if course.owner != AGENCY[who]:
        tell(world, who, event, course.owner)


@deed
def change_course(world: World, who: str, matter: Matter, *, course: Record, kind: str, counts: bool) -> Asking:
    """On hold, on again, ended (R-062 to R-064). Completed, or held and counted so (A-21): follow-up clocks that outlive the
    case. The holder's access ends with the last course that the holder runs for the person."""
    begin(world, who, matter, "run-course", after_end=True)
    demand(course.matter is matter and world.sees(who, course))
    state = _state_known(world, who, course)
    demand(state not in ENDINGS)
    demand(not (kind == "resumed" and (state != "on-hold" or matter.step == ENDED)))
    demand(not (kind == "on-hold" and state == "on-hold"))
    yield
    (citizen,) = course.about
    world.keep(matter, who, "cases_courseevent", course.about, of=course, says={"kind": kind})
    if kind == "completed" or (kind == "on-hold" and counts):
        rules = FOLLOW_UPS[course.of.says["intervention"]] if course.of else {}
        if not any(one.of is course for one in world.clocks(who, matter)):
            for rule, months in rules.items():
                due = _after(world.now, months)
                world.keep_clock(matter, who, rule, start=world.now, due=due, about=[citizen], of=course)
    holder = course.says["holder"]
    if kind in ENDINGS or kind == "on-hold":
        others = [one for one in world.seen(who, matter, "cases_course") if one is not course]
        if not any(
            one.says["holder"] == holder and one.about == course.about and course_state(one) in ("started", "resumed")
            for one in others
        ):
            for grant in matter.grants:
                if grant.worker == holder and grant.person is citizen:
                    grant.ended = True
    elif kind == "resumed" and holder is not None and AGENCY[holder] != AGENCY[who]:
        _let_in(world, matter, holder, citizen)


def _let_in(world: World, matter: Matter, holder: str, citizen: Person) -> None:
    if AGENCY[holder] not in matter.admitted:
        world.seat(matter, AGENCY[holder])
    world.grant(matter, holder, ends=world.now + YEAR, person=citizen)


def _state_known(world: World, who: str, course: Record) -> str:
    changes = [one.says["kind"] for one in world.seen(who, course.matter, "cases_courseevent") if one.of is course]
    return next((kind for kind in reversed(changes) if kind not in LOGGED), "started")


def _after(moment: datetime.datetime, months: int) -> datetime.datetime:
    return moment.astimezone(HERE) + relativedelta(months=months)
