"""The overview: the next deadline, open alarms, what waits for one's own agency, what happened last, persons and measures."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpResponse

from forebyg.cases import wording
from forebyg.cases.models import Alarm, AlarmEnd, Case, Course, Offer, TimelineEntry
from forebyg.cases.page import CasePage
from forebyg.cases.queries import asked_course_events, asked_records, states_of
from forebyg.cases.views.tab_timeline import Lines, lines_of
from forebyg.store.sealed import open_sealed

NEWEST = 5


@dataclass(frozen=True)
class Measure:
    """A course or an offer that has not become one, in the panel of measures."""

    label: str
    state: str
    kind: str


def overview(page: CasePage) -> HttpResponse:
    """See the module."""
    worker, case = page.worker, page.case
    entries, alarms, ends, courses, events, offers = page.together(
        asked_records(worker, case, TimelineEntry, order="happened_at DESC, id DESC", limit=NEWEST),
        asked_records(worker, case, Alarm),
        asked_records(worker, case, AlarmEnd),
        asked_records(worker, case, Course),
        asked_course_events(worker, case),
        asked_records(worker, case, Offer),
    )
    ended = {end.alarm for end in ends}
    alarms = [alarm for alarm in alarms if alarm.root not in ended]
    open_sealed(entries, alarms, page.known.people, page.known.tasks)
    newest = Lines(lines_of(page, entries), None, None)
    measures, seen = _measures(page, states_of(courses, events), offers)
    return page.answer(
        "cases/case/overview.html",
        records=[*newest.roots, *seen, *(one.root for one in [*alarms, *page.own_tasks])],
        newest=newest,
        alarms=alarms,
        measures=measures,
        earlier=_reopened_from(page),
    )


def _measures(page: CasePage, courses: list[tuple[Course, str]], offers: list[Offer]) -> tuple[list[Measure], list[uuid.UUID]]:
    begun = {course.offer for course, _state in courses}
    shown = []
    for course, state in courses:
        words, kind = wording.COURSE_STATE.get(state, (state, "quiet"))
        shown.append(Measure(_label(page, course.intervention, course.about), str(words), kind))
    waiting = [offer for offer in offers if offer.root not in begun]
    shown += [Measure(_label(page, offer.intervention, offer.about), str(wording.OFFERED), "quiet") for offer in waiting]
    return shown, [course.root for course, _state in courses] + [offer.root for offer in waiting]


def _label(page: CasePage, intervention: str, about: list[uuid.UUID]) -> str:
    name = wording.in_pack(page.pack.intervention, intervention)
    who = page.labels(about)
    return f"{name} ({who})" if who else name


def _reopened_from(page: CasePage) -> Case | None:
    """The ended case that this one continues, where the worker may see it (R-034)."""
    if page.case.reopens_id is None:
        return None
    return Case.objects.visible_to(page.worker).select_related("matter").filter(id=page.case.reopens_id).first()
