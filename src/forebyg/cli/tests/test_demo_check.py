"""`forebyg demo --check`: every acceptance check is met by the plays, and not met by a play that was tampered with."""

from __future__ import annotations

import copy
import datetime
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from conftest import as_owner
from django.db import connection, transaction
from tests.database import clone, database_of_this_process, superuser

from forebyg.cases.actions import ending
from forebyg.cases.models import Item
from forebyg.cli import demo_check
from forebyg.cli.demo_cast import create_cast
from forebyg.cli.demo_check import plays
from forebyg.cli.demo_check.dismissed_checks import DismissedChecks
from forebyg.cli.demo_check.example_checks import ExampleChecks
from forebyg.cli.demo_check.handed_over_checks import HandedOverChecks
from forebyg.cli.demo_check.verdict import Verdict, judge
from forebyg.cli.example_case import ExamplePlay
from forebyg.cli.scenarios import lilleby
from forebyg.cli.scenarios.dismissed import DismissedPlay
from forebyg.cli.scenarios.handed_over import HandedOverPlay
from forebyg.cli.scenarios.play import Play
from forebyg.cli.scenarios.story import Story
from forebyg.cli.stage import Stage, a_morning
from forebyg.strategy.queries import current_pack
from forebyg.strategy.schema.example import Event

PLAYED = f"{database_of_this_process()}_played"
START = a_morning(datetime.date(2016, 1, 4))


def _in_database(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _example(stage: Stage, *, counts: bool = True) -> ExamplePlay:
    return ExamplePlay(stage, current_pack("copenhagen-2016"), counts_as_completed=counts)


@pytest.fixture(scope="module")
def finished(django_db_blocker: Any) -> Iterator[dict[str, Play]]:
    """The four plays, finished, in a database of their own."""
    with django_db_blocker.unblock():
        before = str(connection.settings_dict["NAME"])
        clone(PLAYED)
        _in_database(PLAYED)
        with as_owner():
            create_cast(pack=lilleby.PACK, unit_name=lilleby.UNIT, seats=lilleby.SEATS, people=lilleby.PEOPLE)
        pack = lilleby.pack_with_cases()
        with Stage(START) as stage:
            played: dict[str, Play] = {
                "counted": _example(stage),
                "not counted": _example(stage, counts=False),
                "dismissed": DismissedPlay(stage, pack),
                "handed over": HandedOverPlay(stage, pack),
            }
            for play in played.values():
                play.play()
        yield played
        _in_database(before)
        with superuser() as administrator:
            administrator.execute(f'DROP DATABASE "{PLAYED}" WITH (FORCE)')


class _Owner:
    """The owner's connection of a stage, within the test's own transaction."""

    def execute(self, query: str, parameters: Any = None) -> psycopg.Cursor[Any]:
        with as_owner():
            return psycopg.Cursor(connection.connection).execute(query, parameters)

    def close(self) -> None:
        """Nothing is kept."""


class StageToBeUndone(Stage):
    """A stage whose owner works in the same transaction as the workers, so that all can be rolled back."""

    def _connect_as_owner(self) -> Any:
        return _Owner()


@pytest.fixture
def stage(finished: dict[str, Play]) -> Iterator[Stage]:
    """A stage in the database of what was played, on the last day; what a test does there is undone."""
    with transaction.atomic():
        stage = StageToBeUndone(START)
        stage.at(273)
        yield stage
        transaction.set_rollback(True)


def _verdicts(stage: Stage, name: str, play: Play) -> dict[str, str]:
    """What is wrong, by the text of each check, with a play looked at on a stage."""
    play = copy.copy(play)
    play.stage = stage
    checks: ExampleChecks | DismissedChecks | HandedOverChecks
    if isinstance(play, ExamplePlay):
        checks = ExampleChecks(play, current_pack("copenhagen-2016"), counts_as_completed=name != "not counted")
    elif isinstance(play, DismissedPlay):
        checks = DismissedChecks(play, lilleby.pack_with_cases())
    else:
        assert isinstance(play, HandedOverPlay)
        checks = HandedOverChecks(play, lilleby.pack_with_cases())
    return {one.text: one.problem for one in judge(play.example.acceptance_checks, checks.by_text())}


@pytest.mark.req("R-068")
@pytest.mark.parametrize("name", ["counted", "not counted", "dismissed", "handed over"])
def test_every_acceptance_check_is_met_by_the_play(stage: Stage, finished: dict[str, Play], name: str) -> None:
    assert set(_verdicts(stage, name, finished[name]).values()) == {""}


# Tampering: (play, the beginning of the check's text, what is done to what was played). Each must make the check fail.

Tamper = Callable[[Stage, Play], object]


def sql(query: str) -> Tamper:
    """Change rows of the case as the owner: `%(case)s`, `%(matter)s`, and each person and course by its key."""

    def tamper(stage: Stage, play: Play) -> None:
        played = play.so_far
        row = stage.owner.execute("SELECT matter_id FROM public.cases_case WHERE id = %s", [played.case_id]).fetchone()
        assert row is not None
        values = {"case": played.case_id, "matter": row[0], **played.persons}
        values |= {f"offer_{key}": root for key, root in played.offers.items()}
        values |= {f"course_{key}": root for key, root in played.courses.items()}
        assert stage.owner.execute(query, values).rowcount > 0, "the tampering hit nothing"

    return tamper


def writes(key: str, text: str) -> Tamper:
    """A worker writes a text where an ended case still takes one: as the number in the records system."""

    def tamper(stage: Stage, play: Play) -> None:
        with stage.as_(key) as (worker, now):
            ending.record_journal(worker=worker, case_id=play.so_far.case_id, number=text, closed_there_on=None, now=now)

    return tamper


def _story(stage: Stage, play: Play) -> Story:
    story = Story(stage, play.so_far.case_id)
    story.persons = play.so_far.persons
    return story


def _police_tell_the_team(stage: Stage, play: Play) -> None:
    with _story(stage, play).by("lb-politi") as police:
        police.disclose("lb-team", police.own(Item), "Teamet skal vide det.")


def _not_refused(what: str) -> Tamper:
    def tamper(stage: Stage, play: Play) -> None:
        play.so_far.refused[what] = ""

    return tamper


def _other_step(stage: Stage, play: Play) -> None:
    play.so_far.step_at[4] = 5


NINE = "the replay visits all nine steps"
PARENT = "at step 5 the parent requirement"
COURSES = "three offers, three acceptances"
ALARM = "two missed meetings"
LATER = "after closing, follow-ups"
OUTCOME = "final outcome"
LABELS = "role labels only"
APART = "father and son carry separate"
CLAIM = "the son's claim"

EXAMPLE: list[tuple[str, Tamper]] = [
    (NINE, sql("DELETE FROM public.cases_casemove WHERE case_id = %(case)s AND number = 4")),
    (NINE, sql("UPDATE public.cases_casemove SET name = 'dismiss-after-meeting' WHERE case_id = %(case)s AND number = 6")),
    (NINE, sql("UPDATE public.cases_assessment SET result = 'dismissed' WHERE matter_id = %(matter)s AND gate = 'second'")),
    (NINE, _other_step),
    (PARENT, _not_refused("visit-without-parent")),
    (PARENT, sql("UPDATE public.cases_meeting SET guardians_present = '{}' WHERE matter_id = %(matter)s")),
    (PARENT, sql("UPDATE public.cases_meeting SET guardians_present = ARRAY[%(soen)s] WHERE matter_id = %(matter)s")),
    (PARENT, sql("UPDATE public.cases_meeting SET about = ARRAY[%(far)s] WHERE matter_id = %(matter)s")),
    (PARENT, sql("UPDATE public.people_participant SET is_subject = false WHERE root = %(far)s")),
    (PARENT, sql("UPDATE public.people_participant SET is_subject = false, is_involved = true WHERE root = %(soen)s")),
    (COURSES, sql("DELETE FROM public.cases_offer WHERE root = %(offer_datter)s")),
    (COURSES, sql("DELETE FROM public.cases_course WHERE root = %(course_far)s")),
    (COURSES, sql("UPDATE public.cases_answer SET kind = 'refused' WHERE offer = %(offer_soen)s AND answered_by = %(soen)s")),
    (COURSES, sql("DELETE FROM public.cases_answer WHERE offer = %(offer_soen)s AND answered_by = %(far)s")),
    (COURSES, sql("UPDATE public.cases_course SET about = ARRAY[%(soen)s] WHERE root = %(course_datter)s")),
    (ALARM, sql("DELETE FROM public.cases_alarmend WHERE matter_id = %(matter)s")),
    (ALARM, sql("DELETE FROM public.cases_timelineentry WHERE matter_id = %(matter)s AND kind = 'alarm'")),
    (ALARM, sql("UPDATE public.cases_alarmend SET readers = ARRAY[owner_id] WHERE matter_id = %(matter)s")),
    (ALARM, sql("DELETE FROM public.cases_timelineentry WHERE matter_id = %(matter)s AND kind = 'alarm-end'")),
    (ALARM, sql("UPDATE public.cases_alarm SET readers = ARRAY[owner_id] WHERE matter_id = %(matter)s")),
    (ALARM, sql("DELETE FROM public.cases_timelineentry WHERE matter_id = %(matter)s AND codes->>'result' = 'missed'")),
    (ALARM, sql("UPDATE public.cases_meeting SET result = 'missed' WHERE matter_id = %(matter)s AND kind = 'follow-up'")),
    (ALARM, sql("UPDATE public.cases_decision SET kind = 'pet' WHERE matter_id = %(matter)s AND kind = 'notice'")),
    (
        ALARM,
        sql(
            "UPDATE public.access_admission SET frame_only = true FROM public.access_agency a WHERE matter_id = %(matter)s "
            "AND a.id = agency_id AND a.actor = 'skolesystemet'"
        ),
    ),
    (ALARM, sql("UPDATE public.access_agency SET actor = 'pet' WHERE actor = 'skolesystemet' AND %(case)s IS NOT NULL")),
    (LATER, sql("DELETE FROM public.cases_clock WHERE matter_id = %(matter)s AND rule = 'outcome-6-months'")),
    (LATER, sql("UPDATE public.cases_clock SET due_at = due_at + interval '1 month' WHERE concerns = %(course_soen)s")),
    (LATER, sql("UPDATE public.cases_clock SET stopped_at = due_at WHERE concerns = %(course_datter)s")),
    (LATER, sql("UPDATE public.cases_clock SET concerns = %(course_far)s WHERE concerns = %(course_datter)s")),
    (LATER, sql("UPDATE public.cases_courseevent SET kind = 'completed' WHERE course = %(course_soen)s AND kind = 'on-hold'")),
    (OUTCOME, sql("UPDATE public.cases_case SET outcome = 'dealt-with' WHERE id = %(case)s")),
    (OUTCOME, sql("UPDATE public.cases_case SET ended_at = ended_at + interval '1 day' WHERE id = %(case)s")),
    (LABELS, writes("vink", "Mødet blev holdt med Xaver.")),
    (LABELS, writes("vink", "Xaver kom til mødet.")),
    (LABELS, writes("dks", "Der kan ringes på 12 34 56 78.")),
    (LABELS, sql("UPDATE public.people_participant SET municipality = 'Xaverby' WHERE root = %(far)s")),
    (APART, sql("UPDATE public.cases_assessment SET about = ARRAY[%(far)s, %(soen)s] WHERE matter_id = %(matter)s")),
    (APART, sql("UPDATE public.cases_assessment SET about = ARRAY[%(datter)s] WHERE about = ARRAY[%(soen)s]")),
    (APART, sql("UPDATE public.cases_qualification SET about = ARRAY[%(datter)s] WHERE about = ARRAY[%(soen)s]")),
    (APART, sql("UPDATE public.intake_concern SET about = about || %(datter)s WHERE matter_id = %(matter)s")),
    (APART, sql("UPDATE public.people_participant SET is_subject = true WHERE root = %(datter)s")),
    (APART, sql("DELETE FROM public.cases_course WHERE root = %(course_datter)s")),
    (CLAIM, sql("UPDATE public.cases_item SET kind = 'assessment' WHERE matter_id = %(matter)s AND kind = 'claim'")),
    (CLAIM, sql("DELETE FROM public.cases_item WHERE matter_id = %(matter)s AND kind = 'claim'")),
    (CLAIM, sql("UPDATE public.cases_item SET source = 'own-work' WHERE matter_id = %(matter)s AND kind = 'claim'")),
    (CLAIM, sql("UPDATE public.cases_item SET about = ARRAY[%(far)s] WHERE matter_id = %(matter)s AND kind = 'claim'")),
]

DISMISSED: list[tuple[str, Tamper]] = [
    ("the case visits steps 1 to 4", sql("UPDATE public.cases_case SET outcome = 'dealt-with' WHERE id = %(case)s")),
    ("the case visits steps 1 to 4", sql("DELETE FROM public.cases_casemove WHERE case_id = %(case)s AND number = 3")),
    ("the case visits steps 1 to 4", _other_step),
    (
        "the case visits steps 1 to 4",
        sql("UPDATE public.cases_case SET ended_at = ended_at + interval '1 day' WHERE id = %(case)s"),
    ),
    ("the dismissal has its reason", sql("UPDATE public.cases_assessment SET taking_part = '{}' WHERE matter_id = %(matter)s")),
    (
        "the dismissal has its reason",
        sql("UPDATE public.cases_assessment SET about = ARRAY[%(far)s] WHERE matter_id = %(matter)s"),
    ),
    ("the dismissal has its reason", sql("DELETE FROM public.cases_assessment WHERE matter_id = %(matter)s")),
    ("nothing waits", sql("UPDATE public.cases_task SET done_at = NULL WHERE matter_id = %(matter)s AND kind = 'step'")),
    ("no further step", sql("UPDATE public.cases_case SET step = 2 WHERE id = %(case)s")),
    ("no further step", sql("UPDATE public.cases_case SET step = 4 WHERE id = %(case)s")),
    ("no further step", sql("UPDATE public.people_participant SET readers = ARRAY[owner_id] WHERE matter_id = %(matter)s")),
    ("what the police wrote", _police_tell_the_team),
    (LABELS, writes("lb-politi", "Det var Xaver, der ringede.")),
]

BACK = "confirmed at step 6"
UNTIL_18 = "while the young person is 17"
YES = "the first course waits"
HOURS = "triage of medium severity"
POLICE = "only the police"
FRAME = "after the hand-over the police see"
STILL = "no clock runs"
NOTHING = "after the hand-over no other agency"

HANDED_OVER: list[tuple[str, Tamper]] = [
    (BACK, sql("DELETE FROM public.cases_casemove WHERE case_id = %(case)s AND name = 'new-measures'")),
    (BACK, sql("UPDATE public.cases_casemove SET name = 'dismiss-after-meeting' WHERE case_id = %(case)s AND number = 6")),
    (BACK, sql("UPDATE public.cases_case SET outcome = 'dealt-with' WHERE id = %(case)s")),
    (UNTIL_18, _not_refused("meeting-at-17")),
    (UNTIL_18, _not_refused("follow-up-at-17")),
    (
        UNTIL_18,
        sql("UPDATE public.cases_meeting SET guardians_present = ARRAY[%(mor)s] WHERE matter_id = %(matter)s"),
    ),
    (UNTIL_18, sql("UPDATE public.cases_meeting SET guardians_present = '{}' WHERE matter_id = %(matter)s")),
    (YES, _not_refused("course-at-17")),
    (YES, _not_refused("course-without-answer")),
    (YES, sql("DELETE FROM public.cases_answer WHERE offer = %(offer_mentor)s AND answered_by = %(mor)s")),
    (YES, sql("UPDATE public.cases_answer SET answered_by = %(mor)s WHERE offer = ANY (ARRAY[%(offer_way-out)s])")),
    (YES, sql("DELETE FROM public.cases_course WHERE offer = ANY (ARRAY[%(offer_way-out)s])")),
    (
        HOURS,
        sql(
            "UPDATE public.cases_clock SET due_at = due_at - interval '24 hours' WHERE matter_id = %(matter)s AND rule = 'triage'"
        ),
    ),
    (
        HOURS,
        sql(
            "UPDATE public.cases_clock SET stopped_at = due_at + interval '1 hour' WHERE matter_id = %(matter)s AND rule = 'triage'"
        ),
    ),
    (HOURS, sql("UPDATE public.cases_casemove SET at = at - interval '1 hour' WHERE case_id = %(case)s AND number = 1")),
    (POLICE, _not_refused("hand-over-by-the-team")),
    (
        POLICE,
        sql(
            "UPDATE public.cases_decision SET readers = readers || gen_random_uuid() WHERE matter_id = %(matter)s AND kind = 'pet'"
        ),
    ),
    (
        FRAME,
        sql(
            "UPDATE public.access_admission SET frame_only = false FROM public.access_agency a WHERE matter_id = %(matter)s "
            "AND a.id = agency_id AND a.actor = 'lilleby-mentorer'"
        ),
    ),
    (FRAME, sql("UPDATE public.access_admission SET ended_at = now() WHERE matter_id = %(matter)s AND frame_only")),
    (FRAME, sql("DELETE FROM public.cases_alarm WHERE matter_id = %(matter)s")),
    (STILL, sql("UPDATE public.cases_clock SET paused_at = NULL WHERE matter_id = %(matter)s AND rule = 're-offer'")),
    (STILL, sql("DELETE FROM public.cases_clock WHERE matter_id = %(matter)s AND rule = 're-offer'")),
    (
        NOTHING,
        sql(
            "WITH o AS (UPDATE public.access_admission SET frame_only = false WHERE matter_id = %(matter)s) "
            "UPDATE public.cases_case SET step = 8, outcome = '', ended_at = NULL WHERE id = %(case)s"
        ),
    ),
    (LABELS, writes("lb-politi", "Det var Xaver, der ringede.")),
]

TAMPERED = [
    (name, text, number, tamper)
    for name, tampers in (("counted", EXAMPLE), ("dismissed", DISMISSED), ("handed over", HANDED_OVER))
    for number, (text, tamper) in enumerate(tampers)
]


def _one(verdicts: dict[str, str], beginning: str) -> str:
    (problem,) = [problem for text, problem in verdicts.items() if text.startswith(beginning)]
    return problem


@pytest.mark.parametrize(
    ("name", "text", "tamper"),
    [pytest.param(name, text, tamper, id=f"{name}-{number}-{text[:24]}") for name, text, number, tamper in TAMPERED],
)
def test_a_check_fails_when_what_it_tells_was_tampered_with(
    stage: Stage, finished: dict[str, Play], name: str, text: str, tamper: Tamper
) -> None:
    play = copy.copy(finished[name])
    play.played = copy.deepcopy(play.so_far)
    tamper(stage, play)
    assert _one(_verdicts(stage, name, play), text)


def test_every_check_is_tampered_with(finished: dict[str, Play]) -> None:
    for name, tampers in (("counted", EXAMPLE), ("dismissed", DISMISSED), ("handed over", HANDED_OVER)):
        for text in finished[name].example.acceptance_checks:
            assert any(text.startswith(beginning) for beginning, _ in tampers), text


# Plays that go another way.


class WithoutTheDaughtersOffer(ExamplePlay):
    """The daughter is offered nothing."""

    def deeds(self) -> dict[int, Callable[[Event], None]]:
        return super().deeds() | {11: self.nothing, 14: self.nothing, 21: self.nothing, 27: self._on_hold("soen")}

    def nothing(self, event: Event) -> None:
        """Nothing happens."""


class HandedToPet(ExamplePlay):
    """The police take the case instead of the ordinary system."""

    def _hand_over(self, event: Event) -> None:
        self.remember_step(event)
        with _story(self.stage, self).by("dks") as police:
            police.hand_to_pet(event.summary.da)


class GoesBackOnce(ExamplePlay):
    """From follow-up back to measures."""

    def _mentors_change_focus(self, event: Event) -> None:
        super()._mentors_change_focus(event)
        with _story(self.stage, self).by("vink") as vink:
            vink.renew()
            vink.agree("Hjælpen er lagt om.", "soen", taking_part=("vink",))
            vink.meet("Opfølgning på det nye.", "soen", kind="follow-up", result="missed")


class DadStaysAway(ExamplePlay):
    """The visit is held without a parent, with a reason: lawful, but not what the case tells."""

    def _home_visit(self, event: Event) -> None:
        for key in ("dks", "vink"):
            with _story(self.stage, self).by(key) as visitor:
                visit = visitor.meet(event.summary.da, "far", "soen", kind="home-visit", no_guardian_reason="Faren gik.")
                if key == "dks":
                    visitor.disclose("vink", [visit], "VINK var med på besøget.")


@pytest.mark.parametrize(
    ("kind", "broken"),
    [
        (WithoutTheDaughtersOffer, {COURSES, LATER, APART}),
        (HandedToPet, {ALARM, OUTCOME}),
        (GoesBackOnce, {NINE}),
        (DadStaysAway, {PARENT}),
    ],
)
def test_checks_fail_when_the_case_goes_another_way(stage: Stage, kind: type[ExamplePlay], broken: set[str]) -> None:
    play = kind(stage, current_pack("copenhagen-2016"), counts_as_completed=True)
    play.play()
    verdicts = _verdicts(stage, "counted", play)
    assert all(_one(verdicts, text) for text in broken)


def test_the_two_readings_of_on_hold_differ(stage: Stage, finished: dict[str, Play]) -> None:
    assert _one(_verdicts(stage, "counted", finished["not counted"]), LATER)
    assert _one(_verdicts(stage, "not counted", finished["counted"]), LATER)


def test_a_text_without_a_check_and_a_check_without_a_text_are_not_met() -> None:
    verdicts = judge(["told"], {"not told": lambda: None})
    assert [(one.text, one.is_met) for one in verdicts] == [("told", False), ("not told", False)]


def test_an_event_that_cannot_be_played_is_told_and_fails(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    class ClosesTooEarly(ExamplePlay):
        def deeds(self) -> dict[int, Callable[[Event], None]]:
            return super().deeds() | {26: self._hand_over}

    play = ClosesTooEarly(stage, current_pack("copenhagen-2016"), counts_as_completed=True)
    verdicts = plays.perform(play, "", dict)
    assert [one.is_met for one in verdicts] == [False]
    assert "FEJL" in capsys.readouterr().out


def test_problems_are_counted_and_end_with_status_1(
    finished: dict[str, Play], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plays, "_performances", lambda stage: [lambda: [Verdict("a"), Verdict("b", "not so")]])
    assert plays.play_all() == 1
    assert "1 af 2 tjek er ok" in capsys.readouterr().out
    monkeypatch.setattr(demo_check, "CHILD", "forebyg.cli.no_such_module")
    assert demo_check.run() == 1


@pytest.mark.req("R-068")
def test_the_command_plays_everything_within_a_minute_and_leaves_nothing_running() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "forebyg.cli", "demo", "--check"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    events = [line for line in done.stdout.splitlines() if line.startswith("  dag ")]
    assert len(events) == 28 + 28 + 4 + 17
    assert done.stdout.count("  ok    ") == 9 + 9 + 6 + 9
    assert "FEJL" not in done.stdout
