"""The rules of a case, one fact at a time: no database, no clock but the one given."""

import contextlib
import datetime
import uuid
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from forebyg.cases import rules
from forebyg.cases.models import Assessment, CourseEvent, Item
from forebyg.cases.models.record import Severity
from forebyg.cases.states import MOVES, Step
from forebyg.core.errors import RuleBroken

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime.datetime(2016, 3, 15, 12, 0, tzinfo=COPENHAGEN)
HOURS = {"high": 24, "medium": 48, "low": 72}
SON, FATHER, MOTHER, STRANGER = (uuid.UUID(int=number) for number in range(1, 5))
First, Second, Final = Assessment.Gate.FIRST, Assessment.Gate.SECOND, Assessment.Gate.FINAL


def said(error: type[RuleBroken] | None) -> contextlib.AbstractContextManager[object]:
    """Expect this error, or none."""
    return pytest.raises(error) if error else contextlib.nullcontext()


# Deadlines


@pytest.mark.req("R-069", part="24, 48 and 72 hours follow from the severity")
@pytest.mark.req("A-01")
@pytest.mark.parametrize(("severity", "hours"), HOURS.items())
def test_triage_is_due_the_hours_of_its_severity_after_the_start(severity: str, hours: int) -> None:
    due = rules.triage_due(started_at=NOW, severity=severity, hours=HOURS)
    assert due - NOW == datetime.timedelta(hours=hours)


def test_the_hours_are_elapsed_ones_also_over_the_change_to_summer_time() -> None:
    evening_before = datetime.datetime(2016, 3, 26, 20, 0, tzinfo=datetime.UTC)
    due = rules.triage_due(started_at=evening_before, severity="high", hours=HOURS)
    assert due == datetime.datetime(2016, 3, 27, 20, 0, tzinfo=datetime.UTC)


@pytest.mark.req("R-072", part="hours per severity are given from outside the code")
def test_another_units_hours_give_another_deadline() -> None:
    assert rules.triage_due(started_at=NOW, severity="low", hours={"low": 168}) - NOW == datetime.timedelta(days=7)


@pytest.mark.req("R-070", part="no deadline can be computed without a severity")
def test_without_a_severity_there_is_no_deadline() -> None:
    with pytest.raises(rules.SeverityMissing):
        rules.triage_due(started_at=NOW, severity=None, hours=HOURS)


@pytest.mark.parametrize(
    ("seconds", "late"),
    [(-1, False), (0, False), (1, True)],
    ids=["a second before", "on the second", "a second after"],
)
def test_a_deadline_is_kept_up_to_and_with_its_last_second(seconds: int, late: bool) -> None:
    assert rules.is_late(due_at=NOW, until=NOW + datetime.timedelta(seconds=seconds)) is late


def test_a_clock_that_stood_still_is_due_as_much_later() -> None:
    due = rules.resumed_due(due_at=NOW + datetime.timedelta(hours=5), paused_at=NOW, now=NOW + datetime.timedelta(hours=30))
    assert due == NOW + datetime.timedelta(hours=35)


# Moments and texts


@pytest.mark.parametrize(
    ("moment", "error"),
    [
        (NOW, None),
        (NOW + datetime.timedelta(microseconds=1), rules.InTheFuture),
        (NOW + datetime.timedelta(days=365), rules.InTheFuture),
        (NOW - datetime.timedelta(days=5 * 366), None),
        (NOW - datetime.timedelta(days=5 * 366, microseconds=1), rules.BeforeTheCase),
        (NOW.replace(year=1916), rules.BeforeTheCase),
        (NOW.astimezone(datetime.UTC), None),
    ],
)
def test_what_happened_lies_neither_in_the_future_nor_in_another_age(
    moment: datetime.datetime, error: type[RuleBroken] | None
) -> None:
    with said(error):
        rules.check_moment(moment, now=NOW)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Ord.", None),
        ("x" * 20_000, None),
        ("x" * 20_001, rules.TextTooLong),
        ("x" * 50_000, rules.TextTooLong),
        ("å" * 20_000, None),
        ("", rules.TextMissing),
        (" \n\t\u00a0", rules.TextMissing),
    ],
    ids=["a word", "20 000", "20 001", "50 000", "20 000 Danish letters", "nothing", "blanks"],
)
def test_a_text_is_written_and_at_most_20_000_characters(text: str, error: type[RuleBroken] | None) -> None:
    with said(error):
        rules.check_text(text, what="en begrundelse")


def test_the_sentence_about_a_text_too_long_names_both_lengths() -> None:
    with pytest.raises(rules.TextTooLong) as caught:
        rules.check_length("x" * 50_000)
    assert "50000" in caught.value.sentence and "20000" in caught.value.sentence


def test_the_sentence_about_a_missing_text_says_what_to_write() -> None:
    with pytest.raises(rules.TextMissing, match="Skriv en begrundelse"):
        rules.check_text("", what=str(rules.WHAT_REASON))


def test_a_text_that_may_be_empty_may_be_empty() -> None:
    rules.check_length("")


@pytest.mark.parametrize(
    ("seen", "error"), [(None, None), (3, None), (2, rules.StaleCase), (4, rules.StaleCase), (0, rules.StaleCase)]
)
def test_a_page_from_before_the_last_move_is_stale(seen: int | None, error: type[RuleBroken] | None) -> None:
    with said(error):
        rules.check_version(seen, 3)


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ([], None),
        ([SON], None),
        ([SON, FATHER], None),
        ([SON, STRANGER], rules.NotInThisCase),
        ([STRANGER], rules.NotInThisCase),
    ],
)
def test_only_who_belongs_to_the_case_can_be_chosen(chosen: list[uuid.UUID], error: type[RuleBroken] | None) -> None:
    with said(error):
        rules.check_members(chosen, [SON, FATHER])


# The gates


@pytest.mark.req("R-020", part="the first assessment's results and where they lead")
@pytest.mark.req("R-021", part="the second assessment's results and where they lead")
@pytest.mark.req("R-022", part="'not resolved' leads to a meeting with the citizen")
@pytest.mark.req("R-023", part="dismissed for everyone leads to the end at either gate")
@pytest.mark.req("A-04")
@pytest.mark.parametrize(
    ("gate", "results", "move"),
    [
        (First, ["dismissed"], "dismiss-in-unit"),
        (First, ["dismissed", "dismissed"], "dismiss-in-unit"),
        (First, ["proceed"], "proceed-to-meeting"),
        (First, ["unresolved"], "proceed-to-meeting"),
        (First, ["dismissed", "proceed"], "proceed-to-meeting"),
        (First, ["unresolved", "dismissed"], "proceed-to-meeting"),
        (Second, ["dismissed"], "dismiss-after-meeting"),
        (Second, ["dismissed", "dismissed"], "dismiss-after-meeting"),
        (Second, ["confirmed"], "confirm"),
        (Second, ["dismissed", "confirmed"], "confirm"),
        (Final, ["dealt-with"], "dealt-with"),
        (Final, ["dealt-with", "dealt-with"], "dealt-with"),
    ],
)
def test_a_case_ends_when_all_are_dismissed_and_goes_on_when_one_is_not(gate: str, results: list[str], move: str) -> None:
    subjects = [SON, FATHER][: len(results)]
    assert rules.move_after_assessment(gate, dict(zip(subjects, results, strict=True)), subjects) is MOVES[move]


@pytest.mark.parametrize(
    ("gate", "result"),
    [
        (First, "confirmed"),  # nothing is confirmed before the citizen has been met
        (First, "dealt-with"),
        (Second, "proceed"),
        (Second, "unresolved"),
        (Second, "dealt-with"),
        (Final, "dismissed"),
        (Final, "confirmed"),
        (First, "radicalised"),
        (Second, ""),
        ("fourth", "confirmed"),
    ],
)
def test_each_gate_has_its_own_results(gate: str, result: str) -> None:
    with pytest.raises(rules.OneResultPerGate):
        rules.move_after_assessment(gate, {SON: result}, [SON])


@pytest.mark.parametrize(
    ("results", "subjects"),
    [
        ({}, []),
        ({}, [SON]),
        ({SON: "proceed"}, [SON, FATHER]),
        ({SON: "proceed", STRANGER: "proceed"}, [SON]),
        ({STRANGER: "dismissed"}, [SON]),
    ],
)
def test_an_assessment_has_a_result_for_each_subject_and_for_nobody_else(
    results: Mapping[uuid.UUID, str], subjects: list[uuid.UUID]
) -> None:
    with pytest.raises(rules.SubjectMissing):
        rules.move_after_assessment(First, results, subjects)


@pytest.mark.req("R-011", part="each subject's own status: who was dismissed is left alone while the other's case goes on")
def test_who_was_dismissed_at_an_earlier_gate_need_not_be_assessed_again() -> None:
    assert rules.move_after_assessment(Second, {SON: "confirmed"}, [SON, FATHER], [FATHER]) is MOVES["confirm"]
    assert rules.move_after_assessment(Second, {SON: "dismissed"}, [SON, FATHER], [FATHER]) is MOVES["dismiss-after-meeting"]
    with pytest.raises(rules.SubjectMissing):
        rules.move_after_assessment(Second, {FATHER: "dismissed"}, [SON, FATHER], [FATHER])
    with pytest.raises(rules.SubjectMissing):
        rules.move_after_assessment(Second, {}, [SON, FATHER], [SON, FATHER])


@pytest.mark.req("R-030", part="what is not dismissed needs an observable ground")
@pytest.mark.parametrize(
    ("results", "ground", "error"),
    [
        (["proceed"], "", rules.GroundMissing),
        (["proceed"], "   \n", rules.GroundMissing),
        (["unresolved"], "", rules.GroundMissing),
        (["confirmed"], "", rules.GroundMissing),
        (["dismissed", "confirmed"], "", rules.GroundMissing),
        (["dismissed"], "", None),
        (["dealt-with"], "", None),
        (["confirmed"], "Han har købt en billet.", None),
        (["confirmed"], "x" * 20_001, rules.TextTooLong),
        (["dismissed"], "x" * 20_001, rules.TextTooLong),
    ],
)
def test_what_is_not_dismissed_rests_on_an_observable_ground(
    results: list[str], ground: str, error: type[RuleBroken] | None
) -> None:
    with said(error):
        rules.check_ground(results, ground)


@pytest.mark.req("R-030", part="the worker is told that views are lawful, radical ones too")
def test_the_sentence_about_a_missing_ground_says_that_views_are_lawful() -> None:
    assert "Holdninger er lovlige, også radikale" in rules.GroundMissing().sentence


# Meetings


@pytest.mark.req("R-052", part="under 18 a guardian takes part, or a reason says why not")
@pytest.mark.parametrize(
    ("minors", "guardians", "reason", "error"),
    [
        ([True], [FATHER], "", None),
        ([True], [], "Faren er på arbejde i udlandet.", None),
        ([True], [], "", rules.GuardianMissing),
        ([True], [], "  ", rules.GuardianMissing),
        ([False, True], [], "", rules.GuardianMissing),
        ([False], [], "", None),
        ([], [], "", None),
        ([None], [FATHER], "En grund.", rules.AgeUnknown),
        ([False, None], [], "", rules.AgeUnknown),
    ],
)
def test_a_guardian_takes_part_in_a_minors_meeting(
    minors: list[bool | None], guardians: list[uuid.UUID], reason: str, error: type[RuleBroken] | None
) -> None:
    with said(error):
        rules.check_guardians(minors=minors, guardians_present=guardians, reason=reason)


@pytest.mark.parametrize(
    ("subjects", "met", "error"),
    [
        ([SON], [SON], None),
        ([SON], [SON, STRANGER], None),
        ([SON, FATHER], [SON], rules.SubjectNotMet),
        ([SON], [], rules.SubjectNotMet),
        ([], [SON], rules.SubjectNotMet),
    ],
)
def test_every_subject_has_been_met(
    subjects: Collection[uuid.UUID], met: Collection[uuid.UUID], error: type[RuleBroken] | None
) -> None:
    with said(error):
        rules.check_subjects_met(subjects, met)


@pytest.mark.req("R-051", part="DKS held the meeting with each subject, or took part")
@pytest.mark.parametrize(
    ("met_with_police", "error"), [([SON, FATHER], None), ([SON], rules.PoliceMissing), ([], rules.PoliceMissing)]
)
def test_each_subject_was_met_by_the_police(met_with_police: list[uuid.UUID], error: type[RuleBroken] | None) -> None:
    with said(error):
        rules.check_police_held([SON, FATHER], met_with_police)


# Consent


def _yes(by: uuid.UUID, *, guardian: bool = False) -> rules.Answered:
    return rules.Answered(by, accepted=True, is_guardian=guardian)


def _no(by: uuid.UUID, *, guardian: bool = False) -> rules.Answered:
    return rules.Answered(by, accepted=False, is_guardian=guardian)


@pytest.mark.req("R-092", part="a measure begins on a recorded yes")
@pytest.mark.req("R-102", part="no course without the citizen's yes")
@pytest.mark.req("A-32")
@pytest.mark.parametrize(
    ("minor", "answers", "error"),
    [
        (False, [_yes(SON)], None),
        (False, [], rules.ConsentMissing),
        (False, [_no(SON)], rules.ConsentMissing),
        (False, [_yes(FATHER, guardian=True)], rules.ConsentMissing),
        (False, [_yes(SON), _no(FATHER, guardian=True)], None),
        (True, [_yes(SON), _yes(FATHER, guardian=True)], None),
        (True, [_yes(SON)], rules.ConsentMissing),
        (True, [_yes(FATHER, guardian=True)], rules.ConsentMissing),
        (True, [_no(SON), _yes(FATHER, guardian=True)], rules.ConsentMissing),
        (True, [_yes(SON), _no(FATHER, guardian=True)], rules.ConsentMissing),
        (True, [_yes(SON), _no(FATHER, guardian=True), _yes(MOTHER, guardian=True)], None),
        (True, [_yes(SON), _yes(STRANGER)], rules.ConsentMissing),
        (True, [_yes(SON, guardian=True)], rules.ConsentMissing),  # a young parent is not one's own guardian
        (None, [_yes(SON), _yes(FATHER, guardian=True)], rules.AgeUnknown),
    ],
)
def test_a_course_begins_on_the_citizens_yes_and_a_guardians_for_a_minor(
    minor: bool | None, answers: list[rules.Answered], error: type[RuleBroken] | None
) -> None:
    with said(error):
        rules.check_consent(citizen=SON, is_minor=minor, answers=answers)


# Courses and closing


@pytest.mark.req("R-063", part="on hold is a state of its own: neither completed nor interrupted")
@pytest.mark.parametrize(
    ("last", "error"),
    [(None, None), ("started", None), ("on-hold", None), ("resumed", None)]
    + [(ending, rules.CourseEnded) for ending in ("completed", "interrupted", "handed-over")],
)
def test_a_course_takes_events_until_it_has_ended(last: str | None, error: type[RuleBroken] | None) -> None:
    with said(error):
        rules.check_course_open(last)


@pytest.mark.parametrize(
    ("kind", "state", "error"),
    [
        ("on-hold", "started", None),
        ("on-hold", "resumed", None),
        ("on-hold", "on-hold", rules.CourseNotThere),
        ("resumed", "on-hold", None),
        ("resumed", "started", rules.CourseNotThere),
        ("resumed", "resumed", rules.CourseNotThere),
        ("completed", "on-hold", None),
        ("interrupted", "started", None),
        ("handed-over", "on-hold", None),
        ("focus", "started", None),
    ],
)
def test_only_what_stands_still_is_resumed(kind: str, state: str, error: type[RuleBroken] | None) -> None:
    with said(error):
        rules.check_course_change(kind, state=state)


def test_the_endings_are_events_of_a_course() -> None:
    assert set(CourseEvent.Kind.values) >= rules.ENDINGS
    assert "on-hold" not in rules.ENDINGS


@pytest.mark.req("R-056", part="no case is closed over running courses, alarms or a running triage clock")
@pytest.mark.parametrize(
    ("running", "error"),
    [
        ({}, None),
        ({"running_courses": 1}, rules.OpenMeasures),
        ({"open_alarms": 1}, rules.OpenMeasures),
        ({"running_triage": 1}, rules.OpenMeasures),
        ({"running_courses": 2, "open_alarms": 1, "running_triage": 1}, rules.OpenMeasures),
    ],
)
def test_nothing_is_left_running_when_a_case_is_closed(running: dict[str, int], error: type[RuleBroken] | None) -> None:
    with said(error):
        rules.check_can_close(**{"running_courses": 0, "open_alarms": 0, "running_triage": 0} | running)


# Information


@pytest.mark.req("R-082", part="information of SSP, PSP and KSP is marked when it is written")
@pytest.mark.parametrize(("forum", "marked"), [("ssp", True), ("psp", True), ("ksp", True), ("own", False), ("consent", False)])
def test_what_came_under_a_forum_is_not_for_investigation(forum: str, marked: bool) -> None:
    assert rules.purpose_mark(forum) is marked


@pytest.mark.req("R-014", part="what others tell of a person is a claim, not the person's statement")
@pytest.mark.parametrize("source", Item.Source.values)
def test_a_statement_is_the_persons_own(source: str) -> None:
    own = source in (Item.Source.CITIZEN, Item.Source.OWN_WORK)
    with said(None if own else RuleBroken):
        rules.check_item_kind(Item.Kind.STATEMENT, source)
    rules.check_item_kind(Item.Kind.CLAIM, source)


def test_severities_are_those_that_have_hours() -> None:
    assert set(rules.VALUES_OF["severity"]) == set(Severity.values) == set(HOURS)


# Sentences


@pytest.mark.parametrize(
    "error",
    [
        rules.StaleCase(),
        rules.AlreadyDone(),
        rules.InTheFuture(),
        rules.BeforeTheCase(),
        rules.NotInThisCase(),
        rules.SeverityMissing(),
        rules.GroundMissing(),
        rules.GuardianMissing(),
        rules.AgeUnknown(),
        rules.SubjectNotMet(),
        rules.PoliceMissing(),
        rules.SubjectMissing(),
        rules.OneResultPerGate(),
        rules.CourseEnded(),
        rules.CourseNotThere(),
        rules.NotAChoice(),
        rules.PolicematterStops(),
        rules.TextMissing("en begrundelse"),
        rules.TextTooLong(20_001, 20_000),
        rules.ConsentMissing("borgeren"),
        rules.OpenMeasures("en alarm er ikke afsluttet"),
        rules.MoveNotLegal(MOVES["close"], Step.RECEIVED),
    ],
    ids=lambda error: error.code,
)
def test_every_broken_rule_has_a_code_of_its_own_and_a_danish_sentence(error: RuleBroken) -> None:
    assert error.code != RuleBroken.code
    assert error.sentence.endswith(".") and error.sentence.lstrip("»")[0].isupper()


@pytest.mark.req("R-072", part="hours on weekdays only, when the pack says so")
@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 09:00", 24, "2026-11-24 09:00"),  # Monday to Tuesday
        ("2026-11-27 09:00", 24, "2026-11-30 09:00"),  # Friday to Monday
        ("2026-11-28 12:00", 24, "2026-12-01 00:00"),  # found on a Saturday: Monday's hours count
        ("2026-11-26 09:00", 72, "2026-12-01 09:00"),
        ("2026-10-23 09:00", 24, "2026-10-26 09:00"),  # over the night when summer time ends
    ],
)
def test_on_a_weekday_calendar_no_hour_lies_on_a_saturday_or_sunday(start: str, hours: int, due: str) -> None:
    def local(text: str) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.fromisoformat(text))

    assert rules.triage_due(started_at=local(start), severity="high", hours={"high": hours}, calendar="weekdays") == local(due)
