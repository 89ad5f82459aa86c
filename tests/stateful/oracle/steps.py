"""The nine steps (R-019 to R-024, R-050 to R-062): which move is legal where, for whom, and on what facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.stateful.oracle.clocks import stop_triage
from tests.stateful.oracle.deeds import FORBIDDEN, Asking, begin, deed, demand
from tests.stateful.oracle.facts import ENDED, Matter, Person, Record, World, day_of
from tests.stateful.oracle.may import AGENCY, ENTRY_AGENCIES, MAY, POLICE, SECRETARIAT

UNDER_WAY = range(2, ENDED)
FOLLOW_UP = 8
MOVES: dict[str, tuple[Iterable[int], int, str]] = {
    "receive": ([1], 2, ""),
    "bring-to-unit": ([2], 3, ""),
    "discussed": ([3], 4, ""),
    "dismiss-in-unit": ([4], ENDED, "dismissed-in-unit"),
    "proceed-to-meeting": ([4], 5, ""),
    "met": ([5], 6, ""),
    "dismiss-after-meeting": ([6], ENDED, "dismissed-after-meeting"),
    "confirm": ([6], 7, ""),
    "measures-agreed": ([7], 8, ""),
    "new-measures": ([8], 7, ""),
    "dealt-with": ([8], 9, ""),
    "close": ([9], ENDED, "dealt-with"),
    "hand-over": ([9], ENDED, "handed-to-ordinary-system"),
    "hand-to-pet": (UNDER_WAY, ENDED, "handed-to-pet"),
}
RESULTS = {
    "first": {"dismissed", "proceed", "unresolved"},
    "second": {"dismissed", "confirmed"},
    "final": {"dealt-with"},
}


def is_legal(matter: Matter, name: str) -> bool:
    """Whether the matter stands where the move begins."""
    return matter.step in MOVES[name][0]


def turn(matter: Matter, step: int) -> str:
    """Whose work a step is: the secretariat's or the police's where they take part, else the leading agency's."""
    named = {3: SECRETARIAT, 9: SECRETARIAT, 5: POLICE}.get(step)
    return named if named in matter.admitted and named is not None else matter.lead


def subjects(world: World, who: str, matter: Matter) -> list[Person]:
    """Those whom the concern is about, as far as the worker knows."""
    return [person for person in world.people(who, matter) if person.is_subject]


def dismissed(world: World, who: str, matter: Matter) -> set[Person]:
    """Those whose concern was dismissed when they were last assessed."""
    last = {person: one.says["result"] for one in world.seen(who, matter, "cases_assessment") for person in one.about}
    return {person for person, result in last.items() if result == "dismissed"}


def make_move(world: World, who: str, matter: Matter, name: str) -> None:
    """The step follows; the work of the step before is done, that of the new one waits for whose turn it is."""
    _sources, target, outcome = MOVES[name]
    matter.step, matter.outcome = target, outcome
    matter.moves.append((name, world.now))
    for task in matter.of("cases_task"):
        if task.says["kind"] == "step":
            task.says["done"] = True
    if name == "hand-to-pet":
        for seat in matter.seats:
            seat.frame_only = seat.frame_only or seat.agency != AGENCY[who]
        for clock in matter.of("cases_clock"):
            if clock.stopped is None and clock.paused is None:
                clock.paused = world.now
    if target != ENDED:
        world.keep_task(matter, AGENCY[who], "step", turn(matter, target))


@deed
def note_concern(world: World, who: str, _matter: None, *, people: list[dict[str, Any]], reporter_named: bool) -> Asking:
    """Step 1, by whoever may take in concerns; the concern is about its subjects, or its milieu when there is none."""
    demand("take-in-concern" in MAY[who], FORBIDDEN)
    demand(people)
    yield
    matter = world.begin_matter(who)
    everyone = [world.keep_person(matter, who, **facts) for facts in people]
    about = [person for person in everyone if person.is_subject]
    world.keep(matter, who, "intake_concern", about)
    if reporter_named:
        world.keep(matter, who, "intake_reporteridentity", entry=False)
    world.keep(matter, who, "cases_item", about or everyone, says={"retracted": False})


@deed
def receive(world: World, who: str, matter: Matter) -> Asking:
    """Step 2, by an entry point, which leads from then on (R-002)."""
    begin(world, who, matter, "take-in-concern", after_end=True)
    demand(AGENCY[who] in ENTRY_AGENCIES, FORBIDDEN)
    demand(is_legal(matter, "receive"))
    yield
    earlier: list[Record] = world.seen(who, matter, "intake_concern")
    world.keep(matter, who, "intake_concern", earlier[0].about if earlier else ())
    matter.lead = AGENCY[who]
    make_move(world, who, matter, "receive")


def simple(name: str, permission: str) -> Any:
    """A move without a record of its own."""

    def asking(world: World, who: str, matter: Matter) -> Asking:
        begin(world, who, matter, permission, after_end=True)
        demand(is_legal(matter, name))
        yield
        make_move(world, who, matter, name)

    asking.__name__ = name.replace("-", "_")
    return deed(asking)


simple("bring-to-unit", "bring-to-unit")
simple("new-measures", "follow-up")


@deed
def discussed(world: World, who: str, matter: Matter, *, taking_part: list[str]) -> Asking:
    """Step 3, with those who took part (R-024)."""
    begin(world, who, matter, "record-discussion", after_end=True)
    demand(is_legal(matter, "discussed"))
    demand(set(taking_part) <= matter.admitted)
    yield
    world.keep(matter, who, "cases_decision", subjects(world, who, matter))
    make_move(world, who, matter, "discussed")


@deed
def assess(
    world: World, who: str, matter: Matter, *, gate: str, results: Mapping[Person, str], ground: str, taking_part: list[str]
) -> Asking:
    """Steps 4, 6 and 8: for every subject, none over the head of someone whom the deciding agency does not know; the case
    ends at once when the concern is dismissed for all (R-023). Without an observable ground nothing goes on (R-030), and step 8
    is not left for the end before both tracks were followed (R-055)."""
    begin(world, who, matter, "assess", after_end=True)
    known = subjects(world, who, matter)
    demand(len(known) == sum(person.is_subject for person in matter.of("people_participant")))
    demand(results and set(known) - dismissed(world, who, matter) <= set(results) <= set(known))
    demand(set(results.values()) <= RESULTS[gate])
    is_over = set(results.values()) == {"dismissed"}
    name = {
        "first": "dismiss-in-unit" if is_over else "proceed-to-meeting",
        "second": "dismiss-after-meeting" if is_over else "confirm",
        "final": "dealt-with",
    }[gate]
    demand(is_legal(matter, name))
    demand(ground or set(results.values()) <= {"dismissed", "dealt-with"})
    demand(set(taking_part) <= matter.admitted)
    if gate == "final":
        met, in_unit = followed_up(matter)
        demand(set(results) <= met and in_unit)
    yield
    for person, result in results.items():
        world.keep(matter, who, "cases_assessment", [person], says={"result": result})
    if is_over:
        stop_triage(world, who, matter)
    make_move(world, who, matter, name)


@deed
def meet(
    world: World, who: str, matter: Matter, *, about: list[Person], held: bool, guardians: list[Person],
    excuse: str, taking_part: list[str], kind: str,
) -> Asking:  # fmt: skip
    """A meeting; when it was held with someone under 18, with a guardian or a reason why not (R-052, R-053)."""
    begin(world, who, matter, "meet-citizen")
    known = world.people(who, matter)
    demand(about and set(about) <= set(known))
    demand(set(guardians) <= {person for person in known if person.is_guardian})
    demand(set(taking_part) <= matter.admitted)
    if held:
        ages = [person.is_minor(day_of(world.now)) for person in about if person.is_subject]
        demand(None not in ages)
        demand(not any(ages) or guardians or excuse)
    yield
    world.keep(matter, who, "cases_meeting", about, says={"held": held, "with": {AGENCY[who], *taking_part}, "kind": kind})


@deed
def follow_up_in_unit(world: World, who: str, matter: Matter, *, taking_part: list[str]) -> Asking:
    """The second track of step 8 (R-055)."""
    begin(world, who, matter, "follow-up")
    demand(matter.step == FOLLOW_UP)
    demand(taking_part and set(taking_part) <= matter.admitted)
    yield
    world.keep(matter, who, "cases_decision", subjects(world, who, matter), says={"kind": "follow-up"})


def followed_up(matter: Matter) -> tuple[set[Person], bool]:
    """With whom it was tried, and whether in the unit, since the matter last came to step 8; also what others keep to themselves."""
    since = matter.moves[-1][1].replace(second=0, microsecond=0)
    of_late = [one for one in matter.records if one.says.get("kind") == "follow-up" and one.at >= since]
    met = {person for one in of_late if one.table == "cases_meeting" for person in one.about}
    return met, any(one.table == "cases_decision" for one in of_late)


@deed
def met(world: World, who: str, matter: Matter) -> Asking:
    """Step 5 ends when every subject that was not dismissed has been met, and with DKS (R-051)."""
    begin(world, who, matter, "meet-citizen", after_end=True)
    demand(is_legal(matter, "met"))
    left = set(subjects(world, who, matter)) - dismissed(world, who, matter)
    held = [one for one in world.seen(who, matter, "cases_meeting") if one.says["held"]]
    with_police = {person for one in held if POLICE in one.says["with"] for person in one.about}
    demand(left and left <= with_police)
    yield
    make_move(world, who, matter, "met")


@deed
def measures_agreed(world: World, who: str, matter: Matter, *, spoken_with: list[Person], taking_part: list[str]) -> Asking:
    """Step 7 ends with an agreement: with someone of the family, or after an answer, and with an agency (R-054, R-061)."""
    begin(world, who, matter, "agree-measures", after_end=True)
    demand(is_legal(matter, "measures-agreed"))
    demand(set(spoken_with) <= set(world.people(who, matter)) and set(taking_part) <= matter.admitted)
    demand(taking_part and (spoken_with or world.seen(who, matter, "cases_answer")))
    yield
    world.keep(matter, who, "cases_decision", subjects(world, who, matter))
    make_move(world, who, matter, "measures-agreed")


@deed
def close(world: World, who: str, matter: Matter, *, hand_over: bool, journal: str) -> Asking:
    """Step 9: nothing may be left running, whoever runs it (R-056); follow-up clocks go on (R-075)."""
    name = "hand-over" if hand_over else "close"
    begin(world, who, matter, "close-case", after_end=True)
    demand(is_legal(matter, name))
    _subjects, courses, alarms = whole_picture(matter)
    demand(not courses and not alarms)
    demand(not any(clock.rule == "triage" and clock.stopped is None for clock in world.clocks(who, matter)))
    yield
    world.keep(matter, who, "cases_decision", world.people(who, matter))
    if journal:
        world.keep(matter, who, "cases_journallink")
    make_move(world, who, matter, name)


@deed
def hand_to_pet(world: World, who: str, matter: Matter) -> Asking:
    """The police hand over to PET; the frame is all that is left for everyone else (R-033, R-059, R-060)."""
    begin(world, who, matter, "hand-to-pet", after_end=True)
    demand(AGENCY[who] == POLICE, FORBIDDEN)
    demand(is_legal(matter, "hand-to-pet"))
    yield
    world.keep(matter, who, "cases_decision", subjects(world, who, matter))
    make_move(world, who, matter, "hand-to-pet")


@deed
def reopen(world: World, who: str, matter: Matter) -> Asking:
    """A new case in a new matter about the subjects whom the own agency recorded, linked to the ended one (R-034). Who recorded
    others is asked to get in touch."""
    begin(world, who, matter, "close-case", after_end=True)
    demand(matter.step == ENDED)
    demand(not any(later.reopens is matter for later in world.matters))
    known = subjects(world, who, matter)
    own = [person for person in known if person.owner == AGENCY[who]]
    demand(own)
    yield
    again = world.begin_matter(who, reopens=matter)
    for owner in {person.owner for person in known} - {AGENCY[who]}:
        world.keep_task(matter, AGENCY[who], "contact", owner)
    for person in own:
        stated = "adult" if person.stated == "adult" else "unknown"
        same = {"is_subject": True, "is_guardian": person.is_guardian, "born_on": person.born_on}
        world.keep_person(again, who, stated=stated, **same)


def whole_picture(matter: Matter) -> tuple[int, int, int]:
    """How many there are in all: subjects, running courses, open alarms. Numbers, nothing else (B-027)."""
    ended = {one.of for one in matter.of("cases_alarmend")}
    return (
        sum(person.is_subject for person in matter.of("people_participant")),
        sum(course_state(course) in ("started", "resumed") for course in matter.of("cases_course")),
        sum(alarm not in ended for alarm in matter.of("cases_alarm")),
    )


def course_state(course: Record) -> str:
    """Started, on hold, resumed or ended: the last event that says so (R-063)."""
    changes = [one.says["kind"] for one in course.matter.of("cases_courseevent") if one.of is course]
    return next((kind for kind in reversed(changes) if kind not in ("session", "missed", "focus")), "started")
