"""What an ended case still takes, what it turns away, and where it goes on."""

import datetime
from collections.abc import Callable

import pytest
from conftest import as_owner
from django.db import IntegrityError, transaction

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import assessing, ending, measures, noting, opening
from forebyg.cases.acts import ACTS, IN_PART
from forebyg.cases.models import Case, CaseMove, Clock, Item
from forebyg.cases.queries import records_of, subjects_of
from forebyg.cases.states import MOVES, Step
from forebyg.cases.tests.cast import Play, a_person, refused
from forebyg.cases.tests.test_actions_every import DEEDS, TYPED
from forebyg.core.errors import RuleBroken
from forebyg.core.ids import new_id

AFTER_THE_END = {
    "answer_notice",
    "answer_offer",
    "change_course",
    "change_participant",
    "complete_task",
    "correct_document",
    "correct_item",
    "correct_wrong_case",
    "correct_wrong_case_of_document",
    "correct_wrong_person",
    "disclose",
    "end_access",
    "end_admission",
    "end_alarm",
    "explain_breach",
    "give_access",
    "lift_lock",
    "lock_specially",
    "pause_clock",
    "record_kept",
    "propose_merge",
    "record_consent",
    "record_information",
    "record_journal",
    "reopen_case",
    "resume_clock",
    "review_merge",
    "stop_clock",
    "undo_merge",
    "withdraw",
    "withdraw_consent",
    "write_extract",
}
"""What belongs to an ended case: corrections, what the citizen answers, what closes, the follow-ups that outlive it, and who
is told and let in."""

MOVING = {
    "agree_measures",
    "assess",
    "bring_to_unit",
    "close_case",
    "conclude_meetings",
    "hand_to_pet",
    "receive_concern",
    "record_discussion",
    "renew_measures",
}
"""Moves say themselves that none is legal."""


def _dismiss(play: Play) -> None:
    """The shortest way to an end that leaves courses, alarms and tasks as they are."""
    play.to(Step.FIRST_ASSESSMENT)
    if play.step is Step.FIRST_ASSESSMENT:
        play.assess("first", "dismissed", ground="")
    elif play.step > Step.SECOND_ASSESSMENT:
        play.to(Step.ENDED)
    else:
        play.to(Step.SECOND_ASSESSMENT)
        play.assess("second", "dismissed", ground="")


# What it takes


@pytest.mark.parametrize("name", sorted(set(DEEDS) - MOVING))
def test_an_ended_case_takes_what_belongs_to_its_end_and_nothing_else(cast: dict[str, Worker], name: str) -> None:
    deed = DEEDS[name]
    play = Play(cast).to(deed.at)
    made = deed.prepare(play)
    _dismiss(play)
    assert play.step is Step.ENDED
    before = len(play.ledger(deed.ledger))
    if name in AFTER_THE_END:
        deed.do(play, deed.by, made)
        assert len(play.ledger(deed.ledger)) > before
    else:
        with refused(rules.CaseEnded) as caught:
            deed.do(play, deed.by, made)
        assert "afsluttet" in caught.value.sentence
        assert len(play.ledger(deed.ledger)) == before


@pytest.mark.parametrize("name", sorted(MOVING))
def test_no_move_begins_at_an_ended_case(cast: dict[str, Worker], name: str) -> None:
    deed = DEEDS[name]
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    play.to(Step.ENDED)
    with refused(rules.MoveNotLegal) as caught:
        deed.do(play, deed.by, None)
    assert "sagen er afsluttet" in caught.value.sentence


def test_pages_offer_at_an_ended_case_what_it_takes(cast: dict[str, Worker]) -> None:
    offered = {slug for slug, act in ACTS.items() if act.move is None and Step.ENDED in act.steps}
    offered -= {"laest"}  # done by `complete_task`, like "opgave-udfoert"
    above = ("forebyg.sharing", "forebyg.meetings")
    offered -= {slug for slug in offered if ACTS[slug].form.__module__.startswith(above) and slug != "videregiv"}
    assert len(offered) == len(AFTER_THE_END) and offered.isdisjoint(IN_PART)


def test_a_mentor_writes_nothing_more_when_the_case_has_ended(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    course = DEEDS["change_course"].prepare(play)
    _dismiss(play)
    acting = play.by("mentor")
    with refused(rules.CaseEnded):
        measures.log_course(**acting, course=course.root, kind="session", text=TYPED, happened_at=acting["now"])


def test_a_course_on_hold_ends_with_an_ended_case_and_is_not_resumed_in_it(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    course = DEEDS["change_course"].prepare(play)
    for kind, is_refused in (("on-hold", False), ("resumed", True), ("interrupted", False)):
        if kind == "resumed":
            _dismiss(play)
        acting = play.by()
        if is_refused:
            with refused(rules.CaseEnded):
                measures.change_course(**acting, course=course.root, kind=kind, text=TYPED, happened_at=acting["now"])
        else:
            measures.change_course(**acting, course=course.root, kind=kind, text=TYPED, happened_at=acting["now"])


@pytest.mark.parametrize(("gate", "step"), [("first", Step.FIRST_ASSESSMENT), ("second", Step.SECOND_ASSESSMENT)])
def test_no_deadline_for_local_action_runs_on_when_the_concern_is_dismissed(
    cast: dict[str, Worker], gate: str, step: Step
) -> None:
    play = Play(cast).to(step)
    for kind, value in (("severity", "high"), ("local-action", "yes")):
        assessing.qualify(**play.by(), kind=kind, value=value, reason="Handling haster.")
    play.assess(gate, "dismissed", ground="")
    play.become("vink")
    [clock] = Clock.objects.filter(matter=play.matter_id, rule=Clock.Rule.TRIAGE)
    assert clock.stopped_at == play.now - datetime.timedelta(seconds=1)


# Where it goes on


@pytest.mark.req("R-034", part="a case goes on in one place")
def test_a_case_is_reopened_once_and_the_second_attempt_says_where_it_is(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.ENDED)
    again = opening.reopen_case(**play.by(), reason="Ny bekymring.")
    with refused(opening.AlreadyReopened) as caught:
        opening.reopen_case(**play.by(), reason="Ny bekymring igen.")
    assert again.matter.reference in caught.value.sentence
    assert len(play.ledger("case.reopened")) == 1


def test_who_does_not_know_the_later_case_is_told_whom_to_ask_and_no_number(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("sekretariat")
    play.to(Step.ENDED)
    again = opening.reopen_case(**play.by(), reason="Ny bekymring.")
    with refused(opening.AlreadyReopened) as caught:
        opening.reopen_case(**play.by("sekretariat"), reason="Ny bekymring.")
    assert "VINK" in caught.value.sentence and again.matter.reference not in caught.value.sentence


def test_what_was_reopened_and_ended_again_is_reopened_from_there(cast: dict[str, Worker]) -> None:
    play = Play(cast, {"friend": a_person("Ven")}).to(Step.ENDED)
    first = play.case_id
    second = opening.reopen_case(**play.by(), reason="Ny bekymring.")
    play.case_id, play.matter_id = second.id, second.matter_id
    worker, _now = play.become("vink")
    play.people = {"friend": subjects_of(worker, play.case())[0]}
    play.to(Step.ENDED)
    third = opening.reopen_case(**play.by(), reason="Endnu en bekymring.")
    assert (second.reopens_id, third.reopens_id) == (first, second.id)


def test_postgresql_keeps_two_cases_from_continuing_the_same_one(cast: dict[str, Worker]) -> None:
    play, other = Play(cast), Play(cast)
    play.to(Step.ENDED)
    opening.reopen_case(**play.by(), reason="Ny bekymring.")
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(id=other.case_id).update(reopens=play.case_id)


# The order of moves


@pytest.mark.req("R-050", part="no step is dated before the one that led to it")
@pytest.mark.parametrize(
    ("step", "do"),
    [
        (
            Step.DISCUSSION,
            lambda play, at: assessing.record_discussion(**play.by(), text=TYPED, taking_part=[], happened_at=at),
        ),
        (Step.FIRST_ASSESSMENT, lambda play, at: play.assess("first", "proceed", happened_at=at)),
        (Step.CLOSING, lambda play, at: play.close(happened_at=at)),
        (
            Step.FIRST_ASSESSMENT,
            lambda play, at: ending.hand_to_pet(**play.by("dks"), text=TYPED, happened_at=at),
        ),
    ],
    ids=["discussion", "assessment", "closing", "pet"],
)
def test_a_move_is_not_dated_before_the_one_before_it(
    cast: dict[str, Worker], step: Step, do: Callable[[Play, datetime.datetime], object]
) -> None:
    play = Play(cast)
    play.admit("dks")
    play.to(step)
    play.pass_time(days=3)
    last = play.case().moved_at
    with refused(rules.BeforeTheLastMove) as caught:
        do(play, last - datetime.timedelta(minutes=2))
    assert str(last.year) in caught.value.sentence
    assert play.step is step
    do(play, last + datetime.timedelta(minutes=2))
    assert play.step is not step


def test_a_moment_of_the_same_minute_follows_the_last_move(cast: dict[str, Worker]) -> None:
    after = datetime.datetime(2026, 5, 3, 10, 12, 40, tzinfo=datetime.UTC)
    minute = after.replace(second=0)
    assert rules.in_order(minute, after=after) == after
    assert rules.in_order(after + datetime.timedelta(seconds=1), after=after) > after
    with pytest.raises(rules.BeforeTheLastMove, match=r"3\. maj 2026 kl\. 12\.12"):
        rules.in_order(minute - datetime.timedelta(seconds=1), after=after)


def test_postgresql_refuses_a_move_that_is_dated_before_the_last(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    move = MOVES["bring-to-unit"]
    worker, now = play.become("vink")
    case = play.case()
    with pytest.raises(Exception, match="where and when the case stands"), transaction.atomic():
        CaseMove(
            id=new_id(),
            case=case,
            matter_id=case.matter_id,
            unit_id=case.unit_id,
            name=move.name,
            from_step=case.step,
            to_step=move.target,
            worker=worker,
            agency_id=worker.agency_id,
            at=case.moved_at - datetime.timedelta(days=1),
            number=case.version + 1,
        ).save(force_insert=True)
    assert now > case.moved_at


def test_what_was_known_before_the_end_can_still_be_put_right(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    item = DEEDS["correct_item"].prepare(play)
    play.to(Step.ENDED)
    noting.correct_item(**play.by(), root=item.root, text="Det var en anden dag.", reason="Forkert dag.")
    worker, _now = play.become("vink")
    assert "Det var en anden dag." in [one.text for one in records_of(worker, play.case(), Item)]
    with pytest.raises(RuleBroken):
        noting.write_item(**play.by(), item=item, about=[], happened_at=play.now)
