"""The strategy's example case, played through the actions as the web role, stands as the plan tells it (R-068).

The play lies in a database of its own: the stage moves the clock on a connection of the owner.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from tests.database import clone, database_of_this_process, superuser

from forebyg.cases.models import (
    Alarm,
    AlarmEnd,
    Answer,
    Assessment,
    Case,
    Clock,
    Course,
    Decision,
    Disclosure,
    Item,
    JournalLink,
    Meeting,
    Offer,
    Qualification,
    TimelineEntry,
)
from forebyg.cases.queries import course_states, fetch_case
from forebyg.cases.states import Outcome, Step
from forebyg.cli.demo_check.eyes import Eyes, eyes_of
from forebyg.cli.example_case import ExamplePlay
from forebyg.cli.stage import Stage, a_morning
from forebyg.core.errors import NotVisible
from forebyg.intake.models import Concern
from forebyg.people.models import Participant, Relation
from forebyg.people.participants import is_minor
from forebyg.strategy.queries import current_pack

START = a_morning(datetime.date(2016, 1, 4))


@pytest.fixture(scope="module")
def play(django_db_blocker: Any) -> Iterator[ExamplePlay]:
    """The play, finished, on a stage that still stands on its last day."""
    name = f"{database_of_this_process()}_example"
    with django_db_blocker.unblock():
        before = str(connection.settings_dict["NAME"])
        clone(name)
        connection.close()
        connection.settings_dict["NAME"] = name
        with Stage(START) as stage:
            played = ExamplePlay(stage, current_pack("copenhagen-2016"), counts_as_completed=True)
            played.play()
            yield played
        connection.close()
        connection.settings_dict["NAME"] = before
        with superuser() as administrator:
            administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def vink(play: ExamplePlay) -> Iterator[Eyes]:
    """What VINK, which leads the case, sees."""
    with eyes_of(play.stage, "vink", play.so_far.case_id) as eyes:
        yield eyes


def _day(play: ExamplePlay, moment: datetime.datetime) -> int:
    return (timezone.localdate(moment) - play.stage.start.date()).days


@pytest.mark.req("R-050", "R-068")
def test_the_nine_steps_come_in_order_on_the_days_of_the_case(vink: Eyes, play: ExamplePlay) -> None:
    moves = [(move.from_step, move.to_step, _day(play, move.at)) for move in vink.moves()]
    assert moves == [
        (1, 2, 2), (2, 3, 6), (3, 4, 6), (4, 5, 6), (5, 6, 19), (6, 7, 19), (7, 8, 45), (8, 9, 270), (9, 10, 272),
    ]  # fmt: skip


@pytest.mark.req("R-062", "R-056", "R-057")
def test_it_ends_in_the_ordinary_system_with_its_number_in_the_records(vink: Eyes, play: ExamplePlay) -> None:
    assert (vink.case.step, vink.case.outcome) == (Step.ENDED, Outcome.HANDED_TO_ORDINARY_SYSTEM)
    (link,) = vink.all(JournalLink)
    assert link.number and link.closed_there_on == play.stage.moment(272).date()


@pytest.mark.req("R-005", "R-008")
def test_the_concern_surfaced_in_another_matter_and_was_received_to_the_minute(play: ExamplePlay) -> None:
    with eyes_of(play.stage, "dks", play.so_far.case_id) as dks:
        noted, received = dks.all(Concern)
    assert noted.channel == "fund-i-anden-sag" and noted.received_at is None
    assert received.received_at is not None and _day(play, received.received_at) == 2
    assert (received.received_at.second, received.received_at.microsecond) == (0, 0)


@pytest.mark.req("R-011", "R-012", "R-110")
def test_a_father_is_subject_and_parent_at_once_and_a_sister_is_drawn_in(vink: Eyes) -> None:
    people = {person.label: person for person in vink.all(Participant)}
    father, son, daughter = (people[label] for label in ("Far", "Søn", "Datter"))
    assert father.is_subject and father.is_guardian
    assert son.is_subject and not son.is_guardian
    assert daughter.is_involved and not daughter.is_subject and daughter.involved_because
    relations = {(one.from_participant, one.to_participant, one.kind) for one in vink.all(Relation)}
    assert relations == {
        (father.root, son.root, "parent"),
        (father.root, daughter.root, "parent"),
        (father.root, son.root, "influence"),
    }


@pytest.mark.req("R-020", "R-021", "R-024", "R-030")
def test_each_assessment_has_its_subject_reason_ground_and_those_who_took_part(vink: Eyes, play: ExamplePlay) -> None:
    made = vink.all(Assessment)
    assert [(one.gate, one.result, _day(play, one.happened_at)) for one in made] == [
        *[("first", "proceed", 6)] * 2,
        *[("second", "confirmed", 19)] * 2,
        *[("final", "dealt-with", 270)] * 2,
    ]
    assert all(len(one.about) == 1 and one.reason and len(one.taking_part) == 4 for one in made)
    assert all(one.ground for one in made if one.gate != Assessment.Gate.FINAL)


@pytest.mark.req("R-051", "R-052")
def test_the_visit_is_held_by_the_police_with_the_father_as_parent_of_a_minor(play: ExamplePlay) -> None:
    with eyes_of(play.stage, "dks", play.so_far.case_id) as dks:
        visit = next(one for one in dks.all(Meeting) if one.result == Meeting.Result.HELD)
        son = next(person for person in dks.all(Participant) if person.label == "Søn")
    assert visit.owner_id == play.stage.agency_id("dks")
    assert visit.guardians_present == [play.so_far.persons["far"]]
    assert is_minor(son, timezone.localdate(visit.happened_at)) is True


@pytest.mark.req("R-045")
def test_a_joint_visit_is_one_record_for_each_agency(vink: Eyes, play: ExamplePlay) -> None:
    visits = [one for one in vink.all(Meeting) if _day(play, one.happened_at) == 14]
    assert {one.owner_id for one in visits} == {play.stage.agency_id("vink"), play.stage.agency_id("dks")}
    own = next(one for one in visits if one.owner_id == play.stage.agency_id("vink"))
    assert own.joint == play.so_far.visit


@pytest.mark.req("R-014")
def test_what_the_son_claims_is_apart_from_what_is_believed(vink: Eyes, play: ExamplePlay) -> None:
    kinds = [one.kind for one in vink.all(Item) if _day(play, one.happened_at) == 65]
    assert sorted(kinds) == [Item.Kind.ASSESSMENT, Item.Kind.CLAIM]


@pytest.mark.req("R-101", "R-102")
def test_each_offer_has_its_answers_with_their_dates(vink: Eyes, play: ExamplePlay) -> None:
    offers = {one.root: one for one in vink.all(Offer)}
    assert {_day(play, one.happened_at) for one in offers.values()} == {20}
    answers = vink.all(Answer)
    assert {_day(play, one.happened_at) for one in answers} == {21}
    by = {key: {one.answered_by for one in answers if one.offer == play.so_far.offers[key]} for key in play.so_far.offers}
    persons = play.so_far.persons
    assert by == {
        "far": {persons["far"]},
        "soen": {persons["soen"], persons["far"]},
        "datter": {persons["datter"], persons["far"]},
    }
    assert {one.kind for one in answers} == {Answer.Kind.ACCEPTED}


@pytest.mark.req("R-063", "R-075")
def test_courses_on_hold_are_not_completed_but_their_follow_ups_remain(vink: Eyes, play: ExamplePlay) -> None:
    assert [state for _, state in course_states(vink.worker, vink.case)] == ["on-hold"] * 3
    later = [one for one in vink.all(Clock) if one.rule != Clock.Rule.TRIAGE]
    mentors = {play.so_far.courses["soen"], play.so_far.courses["datter"]}
    assert {(one.rule, one.concerns) for one in later} == {
        (rule.value, course) for rule in (Clock.Rule.OUTCOME, Clock.Rule.OCCUPATION) for course in mentors
    }
    assert all(one.is_running for one in later)


@pytest.mark.req("R-058", "R-069", "R-070")
def test_triage_of_medium_severity_is_met_within_48_hours(vink: Eyes, play: ExamplePlay) -> None:
    (severity,) = [one for one in vink.all(Qualification) if one.kind == Qualification.Kind.SEVERITY]
    (clock,) = [one for one in vink.all(Clock) if one.rule == Clock.Rule.TRIAGE]
    assert severity.value == "medium" and severity.happened_at < clock.recorded_at
    assert clock.due_at - clock.happened_at == datetime.timedelta(hours=48)
    assert clock.stopped_at is not None and clock.stopped_at <= clock.due_at
    with eyes_of(play.stage, "sof", play.so_far.case_id) as sof:
        (taken,) = [one for one in sof.all(Decision) if one.kind == Decision.Kind.RESPONSIBILITY]
    assert taken.responsible_id == play.stage.worker_id("sof")


@pytest.mark.req("R-065")
def test_missed_meetings_and_an_alarm_stand_on_the_timeline_and_are_resolved(vink: Eyes) -> None:
    results = [entry.codes["result"] for entry in vink.timeline(TimelineEntry.Kind.MEETING)]
    assert results.count("cancelled") == results.count("missed") == results.count("not-found") == 1
    (alarm,), (end,) = vink.all(Alarm), vink.all(AlarmEnd)
    assert alarm.kind == Alarm.Kind.DEPARTURE and end.alarm == alarm.root


@pytest.mark.req("R-082")
def test_what_came_under_ssp_is_marked_as_not_for_investigation(play: ExamplePlay) -> None:
    with eyes_of(play.stage, "sof", play.so_far.case_id) as sof:
        seen = next(one for one in sof.all(Item) if one.owner_id == play.stage.agency_id("sof"))
    assert seen.forum == "ssp" and seen.not_for_investigation


@pytest.mark.req("B-001")
def test_every_fact_from_the_first_contact_to_the_last_review_hangs_on_one_reference(play: ExamplePlay) -> None:
    """The database holds nothing but this case, so any row of a matter that is not its own would have lost its way."""
    owner = play.stage.owner
    matters = owner.execute("SELECT id, reference FROM public.matters_matter").fetchall()
    [(matter, reference)] = matters
    rows = 0
    kept = set()
    for model in apps.get_models():
        if any(field.name == "matter" for field in model._meta.concrete_fields):
            table = model._meta.db_table
            found = owner.execute(f"SELECT matter_id, count(*) FROM public.{table} GROUP BY 1").fetchall()
            assert all(id in (matter, None) for id, _count in found), table
            rows += sum(count for _id, count in found)
            kept |= {table} if found else set()
    assert rows > 150
    asked = {"intake_concern", "people_participant", "cases_case", "cases_casemove", "cases_meeting", "cases_assessment"}
    asked |= {"cases_decision", "cases_offer", "cases_answer", "cases_course", "cases_courseevent", "cases_clock"}
    assert asked | {"cases_task", "cases_journallink", "cases_disclosure", "access_grant"} <= kept
    reviewed = owner.execute(
        "SELECT (SELECT min(happened_at) FROM public.intake_concern),"
        " (SELECT max(due_at) FROM public.cases_clock WHERE rule = 'occupation-12-months')"
    ).fetchone()
    assert reviewed is not None
    first, last = reviewed
    assert last - first > datetime.timedelta(days=365), "the last review is more than a year after the first contact"
    events = owner.execute("SELECT DISTINCT unnest(matter_ids) FROM public.audit_event").fetchall()
    assert events == [(matter,)]
    for key in ("vink", "sof", "dks", "sekretariat"):
        with play.stage.as_(key) as (worker, _now):
            assert fetch_case(worker=worker, reference=reference).id == play.so_far.case_id, key


@pytest.mark.req("R-080", "R-098")
def test_every_disclosure_tells_what_from_whom_to_whom_why_and_by_whom(vink: Eyes, play: ExamplePlay) -> None:
    told = vink.all(Disclosure)
    assert told
    for one in told:
        assert (
            one.finding["outcome"] == "allowed"
            and one.finding["by"]
            and one.finding["purpose"]
            and one.necessity
            and one.author_id
            and one.record_root
        )
        assert play.stage.agency_id("vink") in (one.owner_id, one.recipient_id)


@pytest.mark.req("R-209")
def test_a_mentor_whose_course_is_on_hold_sees_nothing_more(play: ExamplePlay) -> None:
    for key in ("mentor", "mentor-to", "coach"):
        with pytest.raises(NotVisible), eyes_of(play.stage, key, play.so_far.case_id):
            pass


def test_each_agency_has_its_own_picture_of_the_case(play: ExamplePlay) -> None:
    pictures = {}
    for key in ("vink", "dks", "sof", "skole", "jobcenter", "sekretariat"):
        with eyes_of(play.stage, key, play.so_far.case_id) as seen:
            pictures[key] = {one.record_root for one in seen.all(TimelineEntry)}
            assert seen.case.step == Step.ENDED
    assert len({frozenset(picture) for picture in pictures.values()}) == len(pictures)
    assert not pictures["sekretariat"], "the secretariat has the frame, and no word about a person"
    assert pictures["sof"] - pictures["vink"], "social services told VINK all that they wrote"


def test_who_is_not_admitted_sees_nothing(play: ExamplePlay) -> None:
    with play.stage.as_("ssp") as (worker, _):
        assert not Case.objects.visible_to(worker).exists()
        assert not Participant.objects.exists() and not TimelineEntry.objects.exists()


def test_the_persons_with_a_course_are_those_of_the_case(vink: Eyes, play: ExamplePlay) -> None:
    courses = vink.all(Course)
    assert {one.about[0]: one.intervention for one in courses} == {
        play.so_far.persons["far"]: "foraeldrecoaching",
        play.so_far.persons["soen"]: "mentorstoette",
        play.so_far.persons["datter"]: "mentorstoette",
    }
