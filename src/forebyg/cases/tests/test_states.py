"""The nine steps: every legal move, every illegal one, the loop, both gates, and the police's way out."""

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import translation

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import assessing, ending, measures, meeting, noting, triage
from forebyg.cases.models import Case, CaseMove, Clock, Item, Task
from forebyg.cases.queries import participants_of, records_of, running_clocks
from forebyg.cases.states import MOVES, TURN_AT, Outcome, Step, Turn, legal_moves
from forebyg.cases.states_page import PAGE, render
from forebyg.cases.tests.cast import Play, a_person, an_item, born_years_ago, refused
from forebyg.core.errors import NotPermitted

UNDER_WAY = [step for step in Step if Step.RECEIVED <= step <= Step.CLOSING]


def _hand_to_pet(play: Play, key: str = "dks") -> Case:
    acting = play.by(key)
    return ending.hand_to_pet(**acting, text="Politiet har overtaget.", happened_at=acting["now"])


MAKE: dict[str, Callable[[Play], object]] = {
    "receive": Play.receive,
    "bring-to-unit": Play.bring,
    "discussed": Play.discuss,
    "dismiss-in-unit": lambda play: play.assess("first", "dismissed", ground=""),
    "proceed-to-meeting": lambda play: play.assess("first", "proceed"),
    "met": lambda play: meeting.conclude_meetings(**play.by()),
    "dismiss-after-meeting": lambda play: play.assess("second", "dismissed", ground=""),
    "confirm": lambda play: play.assess("second", "confirmed"),
    "measures-agreed": Play.agree,
    "new-measures": lambda play: measures.renew_measures(**play.by()),
    "dealt-with": lambda play: play.assess("final", "dealt-with", ground=""),
    "close": Play.close,
    "hand-over": lambda play: play.close(hand_over=True),
    "hand-to-pet": _hand_to_pet,
}


# The table


def test_every_move_of_the_table_is_made_in_these_tests() -> None:
    assert set(MAKE) == set(MOVES)


@pytest.mark.req("R-050", part="nine steps, each with its work and whose turn it is")
def test_there_are_nine_steps_and_an_end() -> None:
    assert [step.value for step in Step] == list(range(1, 11))
    assert [str(Step(value).label) for value in (1, 2, 3, 9)] == [
        "Bekymring opstår",
        "Modtagelse",
        "Drøftelse i enheden",
        "Afslutning",
    ]
    assert set(TURN_AT) == set(Step)
    assert [step for step, turn in TURN_AT.items() if turn is Turn.NOBODY] == [Step.ENDED]


def test_each_step_leads_on_and_the_end_leads_nowhere() -> None:
    assert legal_moves(Step.ENDED) == []
    for step in Step:
        if step != Step.ENDED:
            assert any(move.target > step for move in legal_moves(step))


def test_only_moves_to_the_end_have_an_outcome_and_all_outcomes_are_reached() -> None:
    for move in MOVES.values():
        assert (move.target is Step.ENDED) == (move.outcome is not None)
    assert {move.outcome for move in MOVES.values() if move.outcome} == set(Outcome)


@pytest.mark.req("R-064", part="the one way back leads from follow-up to new measures")
def test_the_only_way_back_is_from_follow_up_to_measures() -> None:
    back = [move.name for move in MOVES.values() for source in move.sources if move.target < source]
    assert back == ["new-measures"]


def test_the_page_of_the_steps_says_what_the_table_says() -> None:
    with translation.override("da"):
        assert render() == PAGE.read_text(encoding="utf-8"), "run python -m forebyg.cases.states_page"


# Legal and illegal moves


@pytest.mark.req("R-050", part="guided: each move is legal from its own step, and the case follows")
@pytest.mark.parametrize(
    ("name", "step"),
    [(move.name, step) for move in MOVES.values() for step in sorted(move.sources) if move.name != "hand-to-pet"],
)
def test_a_legal_move_takes_the_case_to_its_step(cast: dict[str, Worker], name: str, step: Step) -> None:
    play = Play(cast).to(step)
    if name == "met":
        play.admit("dks")
        play.meet()
    if name == "dealt-with":
        play.follow_up()
    MAKE[name](play)
    case = play.case()
    assert case.current_step is MOVES[name].target
    assert case.outcome == (MOVES[name].outcome or "")
    assert case.is_ended == (MOVES[name].target is Step.ENDED)
    assert (case.ended_at is not None) == case.is_ended
    assert [event.codes["step"] for event in play.ledger(f"case.{name}")] == [case.step]


@pytest.mark.req("R-050", part="guided: a move that is not legal is refused with those that are")
@pytest.mark.parametrize("step", Step)
def test_every_other_move_is_refused_and_the_legal_ones_are_named(cast: dict[str, Worker], step: Step) -> None:
    play = Play(cast)
    play.admit("dks")
    play.to(step)
    version = play.version
    for name, make in MAKE.items():
        if step in MOVES[name].sources:
            continue
        with refused(rules.MoveNotLegal) as caught:
            make(play)
        assert str(MOVES[name].label) in caught.value.sentence
        assert f"Sagen står på trin {step.label}" in caught.value.sentence
        for legal in legal_moves(step):
            assert f"»{legal.label}«" in caught.value.sentence
        if step is Step.ENDED:
            assert "ingen, for sagen er afsluttet" in caught.value.sentence
    assert (play.step, play.version) == (step, version)


@pytest.mark.req("R-050", part="nine steps from concern to the end, each a recorded move")
def test_a_case_goes_through_all_nine_steps(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.ENDED)
    moves = CaseMove.objects.filter(case=play.case_id).order_by("number")
    assert [(move.number, move.from_step, move.to_step) for move in moves] == [(n, n, n + 1) for n in range(1, 10)]
    assert {move.agency_id for move in moves} == {play.agency("vink")}
    assert [fact.codes["move"] for fact in play.facts("move")] == [move.name for move in moves]


def test_the_web_role_cannot_set_the_step_and_a_move_is_never_unmade(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.become("vink")
    for change in (
        "UPDATE cases_case SET step = 9",
        "UPDATE cases_case SET outcome = 'dealt-with'",
        "UPDATE cases_casemove SET to_step = 9",
        "DELETE FROM cases_casemove",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert play.step is Step.RECEIVED


def test_the_case_that_an_action_returns_stands_where_the_database_says(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.FIRST_ASSESSMENT)
    returned = play.assess("first", "proceed")
    stored = play.case()
    for field in ("step", "outcome", "version", "moved_at", "ended_at", "lead_id"):
        assert getattr(returned, field) == getattr(stored, field), field


def test_the_work_of_each_step_waits_for_whose_turn_it_is(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("dks", "sekretariat")
    turns = {}
    while play.step < Step.CLOSING:
        play.to(Step(play.step + 1))
        play.become("vink")
        waiting = Task.objects.filter(matter=play.matter_id, kind="step", done_at=None)
        turns[play.step] = [(task.step, task.assigned_to_id) for task in waiting]
    vink, police, secretariat = (play.agency(key) for key in ("vink", "dks", "sekretariat"))
    expected = {
        Step.RECEIVED: vink,
        Step.DISCUSSION: secretariat,
        Step.FIRST_ASSESSMENT: vink,
        Step.MEETING: police,
        Step.SECOND_ASSESSMENT: vink,
        Step.MEASURES: vink,
        Step.FOLLOW_UP: vink,
        Step.CLOSING: secretariat,
    }
    assert turns == {step: [(step.value, agency)] for step, agency in expected.items()}
    play.close()
    play.become("vink")
    assert not Task.objects.filter(matter=play.matter_id, kind="step", done_at=None).exists()


# The gates


@pytest.mark.req("R-023")
@pytest.mark.parametrize(
    ("step", "gate", "outcome"),
    [
        (Step.FIRST_ASSESSMENT, "first", Outcome.DISMISSED_IN_UNIT),
        (Step.SECOND_ASSESSMENT, "second", Outcome.DISMISSED_AFTER_MEETING),
    ],
)
def test_a_dismissal_ends_the_case_at_once(cast: dict[str, Worker], step: Step, gate: str, outcome: Outcome) -> None:
    play = Play(cast).to(step)
    case = play.assess(gate, "dismissed", ground="")
    assert (case.current_step, case.outcome) == (Step.ENDED, outcome)
    assert case.ended_at == play.now
    assert play.case().outcome == outcome
    with refused(rules.MoveNotLegal):
        play.assess("second", "confirmed")


@pytest.mark.req("R-022")
def test_not_resolved_leads_to_a_meeting_with_the_citizen(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.FIRST_ASSESSMENT)
    assert play.assess("first", "unresolved").current_step is Step.MEETING
    assert [fact.codes["result"] for fact in play.facts("assessment")] == ["unresolved"]


@pytest.mark.parametrize(("gate", "step"), [("first", Step.FIRST_ASSESSMENT), ("second", Step.SECOND_ASSESSMENT)])
def test_a_case_goes_on_when_one_of_two_is_not_dismissed(cast: dict[str, Worker], gate: str, step: Step) -> None:
    today = Play(cast).now.date()
    play = Play(cast, {"son": a_person("Søn", born_on=born_years_ago(20, today)), "friend": a_person("Ven")}).to(step)
    other = "proceed" if gate == "first" else "confirmed"
    case = play.assess(gate, {play.person("son"): other, play.person("friend"): "dismissed"})
    assert case.current_step is (Step.MEETING if gate == "first" else Step.MEASURES)


@pytest.mark.req("R-064")
def test_follow_up_leads_back_to_new_measures_as_often_as_it_takes(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.FOLLOW_UP)
    for _ in range(3):
        measures.renew_measures(**play.by())
        assert play.step is Step.MEASURES
        play.agree()
        assert play.step is Step.FOLLOW_UP
    assert play.version == 7 + 6


# The police's way out


@pytest.mark.req("R-033")
@pytest.mark.req("R-059")
@pytest.mark.req("R-060")
@pytest.mark.parametrize("step", UNDER_WAY)
def test_the_police_hand_over_from_any_step_and_only_the_frame_is_left_for_the_rest(
    cast: dict[str, Worker], step: Step
) -> None:
    play = Play(cast)
    play.admit("dks")
    play.to(Step.RECEIVED)
    for kind, value in (("severity", "high"), ("local-action", "yes")):
        assessing.qualify(**play.by(), kind=kind, value=value, reason="Nødvendigt.")
    if step is Step.CLOSING:
        acting = play.by()
        triage.take_responsibility(**acting, text="VINK tager sagen.", happened_at=acting["now"])
    play.to(step)

    case = _hand_to_pet(play)

    assert (case.current_step, case.outcome) == (Step.ENDED, Outcome.HANDED_TO_PET)
    frame = play.case("vink")
    assert (frame.current_step, frame.outcome) == (Step.ENDED, Outcome.HANDED_TO_PET)
    worker, _now = play.become("vink")
    assert participants_of(worker, frame) == []
    assert records_of(worker, frame, Item) == []
    assert play.timeline("vink") == []
    with refused(rules.PolicematterStops):
        play.agree()
    with refused(rules.PolicematterStops):
        play.meet()
    worker, _now = play.become("dks")
    clocks = running_clocks(worker, case, Clock.Rule.TRIAGE)
    assert all(clock.paused_at is not None and not clock.is_running for clock in clocks)
    assert len(clocks) == (0 if step is Step.CLOSING else 1)
    [event] = play.ledger("case.pet-hand-over-recorded")
    assert event.agency_id == play.agency("dks")


@pytest.mark.req("R-059", part="decided by the police: nobody else records it")
@pytest.mark.parametrize("key", ["vink", "sof", "sekretariat", "kriminalforsorg"])
def test_nobody_but_the_police_hands_over_to_pet(cast: dict[str, Worker], key: str) -> None:
    play = Play(cast).to(Step.RECEIVED)
    if key != "vink":
        play.admit(key)
    with refused(NotPermitted):
        _hand_to_pet(play, key)
    assert play.step is Step.RECEIVED


def test_a_concern_that_nobody_has_received_is_not_handed_over(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("dks")
    with refused(rules.MoveNotLegal):
        _hand_to_pet(play)


@pytest.mark.req("A-12")
def test_the_hand_over_gives_the_police_nothing_that_was_not_told_them_before(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    _hand_to_pet(play)
    worker, _now = play.become("dks")
    case = play.case("dks")
    assert participants_of(worker, case) == []
    assert records_of(worker, case, Item) == []
    assert [entry.codes["kind"] for entry in play.timeline("dks")] == ["pet"]


def test_the_police_still_have_the_case_after_the_hand_over(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    acting = play.by("dks")
    kept = noting.write_item(**acting, item=an_item(), about=[], happened_at=acting["now"])
    _hand_to_pet(play)
    assert play.sees("dks", kept)
    assert not play.sees("vink", kept)
    noting.correct_item(**play.by("dks"), root=kept.root, text="Det var dagen efter.", reason="Forkert dag.")
    with refused(rules.CaseEnded):  # what comes now stands in the police's own system
        noting.write_item(**play.by("dks"), item=an_item(), about=[], happened_at=play.now)
