"""Offers with their answers, and courses with their states and logs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpResponse

from forebyg.access.records import Record
from forebyg.cases import wording
from forebyg.cases.actions.objecting import objecting
from forebyg.cases.models import Answer, Course, CourseEvent, Offer
from forebyg.cases.page import CasePage
from forebyg.cases.queries import course_states, records_of
from forebyg.cases.rules import ENDINGS

Row = TypeVar("Row", Answer, CourseEvent)


@dataclass(frozen=True)
class ShownOffer:
    """An offer, its answers oldest first, and whether a course was begun on it."""

    offer: Offer
    name: str
    answers: list[Answer]
    is_begun: bool


@dataclass(frozen=True)
class ShownCourse:
    """A course, its state in words with the kind of badge, and its log, newest first."""

    course: Course
    name: str
    state: str
    kind: str
    is_over: bool
    log: list[CourseEvent]


def measures(page: CasePage) -> HttpResponse:
    """Offers newest first, courses in the order they were begun."""
    offers = records_of(page.worker, page.case, Offer)[::-1]
    given = records_of(page.worker, page.case, Answer)
    answers = _by(given, "offer")
    courses = course_states(page.worker, page.case)
    log = _by(records_of(page.worker, page.case, CourseEvent), "course")
    begun = {course.offer for course, _state in courses}
    rows: list[Record] = [*offers, *(course for course, _state in courses)]
    rows += [answer for made in answers.values() for answer in made] + [event for told in log.values() for event in told]
    page.know(rows, workers=[course.holder_id for course, _state in courses])
    return page.answer(
        "cases/case/measures.html",
        records=[row.root for row in rows],
        not_to_be_asked=page.labels(sorted(objecting(offers, given))),
        offers=[
            ShownOffer(offer, _name(page, offer.intervention), answers[offer.root], offer.root in begun) for offer in offers
        ],
        courses=[_course(page, course, state, log[course.root][::-1]) for course, state in courses],
    )


def _course(page: CasePage, course: Course, state: str, log: list[CourseEvent]) -> ShownCourse:
    words, kind = wording.COURSE_STATE.get(state, (state, "quiet"))
    return ShownCourse(course, _name(page, course.intervention), str(words), kind, state in ENDINGS, log)


def _name(page: CasePage, intervention: str) -> str:
    return wording.in_pack(page.pack.intervention, intervention)


def _by(rows: list[Row], field: str) -> dict[uuid.UUID, list[Row]]:
    found: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    return found
