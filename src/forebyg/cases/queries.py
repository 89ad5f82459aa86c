"""Reading cases. Every function begins from what the worker may see."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection
from django.db.models import QuerySet

from forebyg.access.models import BREAK_GLASS, Admission, Agency, BreakGlass, Emergency, Grant, Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require as require
from forebyg.access.reach import SPECIAL, StoreNow, reach_of
from forebyg.access.records import Record, seen_in_matter
from forebyg.cases.models import Answer, Case, Clock, Course, CourseEvent, Qualification, Task
from forebyg.core.errors import NotVisible
from forebyg.people.models import Participant, Relation
from forebyg.people.participants import guardians_of
from forebyg.store.rows import Rows
from forebyg.store.sealed import open_sealed
from forebyg.store.together import Question, ask

Kind = TypeVar("Kind", bound=Record)


def fetch_case(
    *,
    worker: Worker,
    case_id: uuid.UUID | None = None,
    reference: str | None = None,
    permission: Permission = Permission.SEE_CASES,
    lock: bool = False,
) -> Case:
    """The one way to a case: visible to the worker, permitted, and locked when it is to be changed.

    Missing and forbidden both raise `NotVisible`. Who broke the glass reads the case, whatever the role. A joined matter's reference leads to the matter that it joined (B-001).
    """
    wanted = cases_seen(worker)
    if case_id is None:
        wanted = wanted.where("cases_case.matter_id = (SELECT access.resolve_reference(%s))", reference or "")
    else:
        wanted = wanted.where("cases_case.id = %s", case_id)
    (found,) = ask(wanted.asked(is_locked=lock))
    if not found:
        raise NotVisible
    case: Case = found[0]
    if not (permission == Permission.SEE_CASES and case.matter_id in reach_of(worker).emergencies):
        require(worker, permission)
    return case


def cases_seen(worker: Worker) -> Rows[Case]:
    """The cases in the worker's reach, with reference and the agency that leads."""
    in_reach = "cases_case.matter_id = ANY (%s::uuid[])"
    return Rows(Case, in_reach, (reach_of(worker).matters_array,), beside=("matter", "lead"))


@dataclass(frozen=True)
class WholePicture:
    """How many there are in a case in all, also of what the worker's agency was not told. Numbers, nothing else."""

    subjects: int
    running_courses: int
    open_alarms: int


def whole_picture(case: Case) -> WholePicture:
    """The numbers of a case that is the worker's to know whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_whole_picture(%s)", [case.matter_id])
        row = cursor.fetchone()
    if row is None:
        raise NotVisible
    return WholePicture(*row)


@dataclass(frozen=True)
class FollowedUp:
    """What was followed up since the case last came to step 8: with which participants it was tried, and whether in the unit."""

    persons: frozenset[uuid.UUID]
    in_unit: bool


def followed_up(case: Case) -> FollowedUp:
    """The two tracks of a case that is the worker's to know whole, also where other agencies followed up (R-055)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_followed_up(%s)", [case.matter_id])
        row = cursor.fetchone()
    if row is None:
        raise NotVisible
    return FollowedUp(frozenset(row[0]), row[1])


@dataclass(frozen=True)
class Reopening:
    """Where a reopened case goes on: its matter, reference and the agency that leads it."""

    matter_id: uuid.UUID
    reference: str
    lead: str


def reopening_of(case: Case) -> Reopening | None:
    """The case that an ended one was reopened as, also where the worker does not see it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_reopened_as(%s)", [case.id])
        row = cursor.fetchone()
    return Reopening(*row) if row else None


def has_whole(worker: Worker, case: Case) -> bool:
    """Whether the worker's need to know covers the whole matter, not single participants only."""
    return case.matter_id in reach_of(worker).whole


def is_locked(worker: Worker, case: Case) -> bool:
    """Whether the matter is specially locked, and the worker named in it (B-026)."""
    return case.matter_id in reach_of(worker).locked


def live_grants(case: Case) -> list[Grant]:
    """The grants that run in a matter, of all agencies, by agency and name. Only who has the matter whole sees others' grants."""
    live = Grant.objects.filter(matter=case.matter_id, ended_at=None, starts_at__lte=StoreNow(), ends_at__gt=StoreNow())
    return list(live.select_related("worker__agency").order_by("worker__agency__name", "worker__name", "id"))


def emergency_in(worker: Worker, matter: uuid.UUID) -> tuple[Emergency, datetime.datetime] | None:
    """What broken glass was for and when it closes, where nothing else opens this matter to the worker (B-025)."""
    if matter not in reach_of(worker).emergencies:
        return None
    rows = BreakGlass.objects.filter(worker=worker.id, matter=matter, grant__ended_at=None, grant__ends_at__gt=StoreNow())
    kind, ends_at = rows.values_list("emergency", "grant__ends_at").latest("broken_at")
    return Emergency(kind), ends_at


def fetch_record(*, worker: Worker, model: type[Kind], case: Case, root: uuid.UUID) -> Kind:
    """The current version of a record of this case, opened. Raises `NotVisible`."""
    record: Kind | None = model.objects.visible_to(worker).filter(matter=case.matter_id, root=root).first()
    if record is None:
        raise NotVisible
    open_sealed([record])
    return record


def asked_records(
    worker: Worker,
    case: Case,
    model: type[Kind],
    *,
    only: str = "true",
    order: str = "happened_at, id",
    limit: int | None = None,
) -> Question[list[Kind]]:
    """The records of one kind in this case that the worker may see, to be asked for with others; still sealed.
    `only` and `order` are SQL."""
    seen, given = seen_in_matter(worker, case.matter_id)
    return Rows(model, f"{seen} AND {only}", given).asked(order=order, limit=limit)


def records_of(worker: Worker, case: Case, model: type[Kind]) -> list[Kind]:
    """All records of one kind in this case that the worker may see, oldest first, opened."""
    records: list[Kind]
    (records,) = ask(asked_records(worker, case, model))
    open_sealed(records)
    return records


def participants_of(worker: Worker, case: Case) -> list[Participant]:
    """The persons of the case that the worker may see, subjects first."""
    return subjects_first(records_of(worker, case, Participant))


def subjects_first(people: Iterable[Participant]) -> list[Participant]:
    """The order in which persons stand everywhere."""
    return sorted(people, key=lambda person: (not person.is_subject, not person.is_guardian, person.happened_at))


def guardians_in(worker: Worker, case: Case, minor: uuid.UUID) -> set[uuid.UUID]:
    """Those who answer for a minor, as far as the worker knows the persons and how they are related."""
    return guardians_of(minor, participants_of(worker, case), records_of(worker, case, Relation))


def subjects_of(worker: Worker, case: Case) -> list[Participant]:
    """Those whom the concern is about."""
    return [person for person in participants_of(worker, case) if person.is_subject]


def admitted_agencies(worker: Worker, case: Case) -> list[Agency]:
    """The agencies that take part in the matter; the frame tells them to everyone admitted."""
    live = Admission.objects.filter(matter=case.matter_id, ended_at=None)
    return list(Agency.objects.filter(id__in=live.values("agency")).order_by("name"))


def asked_agencies(worker: Worker) -> Question[list[Agency]]:
    """All agencies with a seat in the worker's unit, to be asked for with others."""
    seated = "id IN (SELECT agency_id FROM access_membership WHERE unit_id = %s)"
    return Rows(Agency, seated, (worker.unit_id,)).asked(order="name")


def unit_agencies(worker: Worker) -> list[Agency]:
    """All agencies with a seat in the worker's unit."""
    agencies: list[Agency]
    (agencies,) = ask(asked_agencies(worker))
    return agencies


def own_open_tasks(worker: Worker, case: Case) -> QuerySet[Task]:
    """What waits for the worker's agency in a case, the oldest first."""
    open_ones = Task.objects.visible_to(worker).filter(matter=case.matter_id, assigned_to=worker.agency_id, done_at=None)
    tasks: QuerySet[Task] = open_ones.order_by("recorded_at", "id")
    return tasks


def colleagues_who_give(worker: Worker, case: Case) -> list[Worker]:
    """The other workers of one's own agency who have the whole matter now and may give access to it."""
    grants = Grant.objects.filter(
        matter=case.matter_id, participant=None, ended_at=None, starts_at__lte=StoreNow(), ends_at__gt=StoreNow()
    ).exclude(reason=BREAK_GLASS)
    if is_locked(worker, case):
        grants = grants.filter(reason=SPECIAL)
    holders = Worker.objects.filter(
        id__in=grants.values("worker"), agency=worker.agency_id, unit=worker.unit_id, is_active=True
    )
    others = holders.exclude(id=worker.id).prefetch_related("holdings").order_by("name")
    return [one for one in others if one.may(Permission.GIVE_ACCESS)]


def current_qualification(worker: Worker, case: Case, kind: str, about: uuid.UUID | None = None) -> Qualification | None:
    """The choice that stands: the last one of its kind, for one person where it is about one."""
    choices = Qualification.objects.visible_to(worker).filter(matter=case.matter_id, kind=kind)
    if about is not None:
        choices = choices.filter(about__contains=[about])
    return choices.order_by("-happened_at", "-recorded_at", "-id").first()


def clocks_in_reach(worker: Worker) -> QuerySet[Clock]:
    """The clocks a worker may see: the own agency's, and the triage clock, which belongs to the frame."""
    frame = Clock.objects.filter(rule=Clock.Rule.TRIAGE, matter_id__in=reach_of(worker).matters, is_current=True)
    clocks: QuerySet[Clock] = Clock.objects.visible_to(worker) | frame
    return clocks


def running_clocks(worker: Worker, case: Case, rule: str | None = None) -> list[Clock]:
    """Clocks of the case that run or stand still, next deadline first."""
    clocks = clocks_in_reach(worker).filter(matter=case.matter_id, stopped_at=None)
    if rule is not None:
        clocks = clocks.filter(rule=rule)
    return list(clocks.order_by("due_at", "id"))


def course_states(worker: Worker, case: Case) -> list[tuple[Course, str]]:
    """Each visible course with its state: the last event, or 'started'."""
    return states_of(*ask(asked_records(worker, case, Course), asked_course_events(worker, case)))


def asked_course_events(worker: Worker, case: Case) -> Question[list[CourseEvent]]:
    """What happened in the courses of this case, oldest first."""
    return asked_records(worker, case, CourseEvent, order="happened_at, recorded_at, id")


def states_of(courses: Iterable[Course], events: Iterable[CourseEvent]) -> list[tuple[Course, str]]:
    """Each course with its last event, or 'started'; the events come oldest first."""
    last: dict[uuid.UUID, str] = {}
    for event in events:
        if event.kind not in (CourseEvent.Kind.SESSION, CourseEvent.Kind.MISSED, CourseEvent.Kind.FOCUS):
            last[event.course] = event.kind
    return [(course, last.get(course.root, "started")) for course in courses]


def standing_answers(worker: Worker, case: Case, offer: uuid.UUID) -> dict[uuid.UUID, Answer]:
    """The last answer of each who answered an offer."""
    answers = (
        Answer.objects.visible_to(worker)
        .filter(matter=case.matter_id, offer=offer)
        .order_by("happened_at", "recorded_at", "id")
    )
    return {answer.answered_by: answer for answer in answers}
