"""The triage clock: severity, start, stop, pauses, breaches, and the pack it takes its hours from."""

import datetime
from typing import Any

import pytest
from conftest import as_owner

from forebyg.access.models import Unit, Worker
from forebyg.cases import rules
from forebyg.cases.actions import assessing, ending, triage
from forebyg.cases.models import Clock, Decision, Qualification
from forebyg.cases.queries import running_clocks
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.errors import NotVisible, RuleBroken

hours = lambda number: datetime.timedelta(hours=number)  # noqa: E731 - reads as a unit


def _qualify(play: Play, kind: str, value: str, *, key: str = "vink", **values: Any) -> Qualification:
    return assessing.qualify(**play.by(key), kind=kind, value=value, reason="Vurderet af medarbejderen.", **values)


def _find(play: Play, severity: str = "medium", **values: Any) -> Clock:
    """A severity, and the finding that local action is needed."""
    _qualify(play, "severity", severity)
    _qualify(play, "local-action", "yes", **values)
    return _the_clock(play)


def _the_clock(play: Play, key: str = "vink") -> Clock:
    worker, _now = play.become(key)
    [clock] = running_clocks(worker, play.case(key), Clock.Rule.TRIAGE)
    return clock


def _stored(clock: Clock) -> Clock:
    return Clock.objects.get(id=clock.id)


def _accept(play: Play, key: str = "vink", **values: Any) -> Decision:
    acting = play.by(key)
    return triage.take_responsibility(
        **acting, text="Vi tager ansvaret for indsatsen.", **{"happened_at": acting["now"]} | values
    )


def _is_late(clock: Clock, play: Play) -> bool:
    return rules.is_late(due_at=clock.due_at, until=clock.stopped_at or clock.paused_at or play.now)


# Start


@pytest.mark.req("R-069")
@pytest.mark.parametrize(("severity", "limit"), [("high", 24), ("medium", 48), ("low", 72)])
def test_the_severity_decides_how_long_triage_may_take(cast: dict[str, Worker], severity: str, limit: int) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, severity)
    finding = play.now
    assert clock.due_at - clock.happened_at == hours(limit)
    assert finding - clock.happened_at < datetime.timedelta(seconds=10)
    assert [fact.codes["rule"] for fact in play.facts("clock-started")] == ["triage"]
    assert len(play.ledger("clock.started")) == 1


@pytest.mark.req("R-070")
def test_local_action_cannot_be_found_needed_before_a_severity_is_chosen(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    with refused(rules.SeverityMissing):
        _qualify(play, "local-action", "yes")
    worker, _now = play.become("vink")
    assert running_clocks(worker, play.case()) == []
    _find(play)


def test_no_clock_runs_when_local_action_is_not_needed(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    _qualify(play, "local-action", "no")
    worker, _now = play.become("vink")
    assert running_clocks(worker, play.case()) == []


@pytest.mark.req("R-072", part="hours come from the pack of the unit")
def test_another_pack_gives_other_hours(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    with as_owner():
        Unit.objects.filter(id=cast["vink"].unit_id).update(pack="lilleby-2016")
    play.cast["vink"].refresh_from_db()
    clock = _find(play, "low")
    assert clock.due_at - clock.happened_at == hours(168)


@pytest.mark.req("A-01")
def test_a_finding_from_before_the_receipt_starts_the_clock_at_the_receipt(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    heard_at = play.now
    play.pass_time(days=2)
    play.to(Step.RECEIVED)
    received_at = play.case().moved_at
    clock = _find(play, happened_at=heard_at)
    assert clock.happened_at == received_at


def test_a_finding_that_is_recorded_late_starts_the_clock_when_it_was_made(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    found_at = play.now
    play.pass_time(hours=60)
    clock = _find(play, happened_at=found_at)
    assert clock.happened_at == found_at
    assert _is_late(clock, play)


def test_finding_the_need_again_does_not_win_time(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    first = _find(play)
    play.pass_time(hours=47)
    _qualify(play, "local-action", "yes")
    again = _the_clock(play)
    assert (again.id, again.due_at) == (first.id, first.due_at)


def test_a_need_that_is_found_after_an_authority_took_the_first_has_a_clock_of_its_own(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    first = _find(play)
    _accept(play)
    play.pass_time(days=20)
    _qualify(play, "local-action", "yes")
    assert _the_clock(play).id != first.id


def test_a_need_that_is_no_longer_found_stops_the_clock(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play)
    _qualify(play, "local-action", "no")
    assert _stored(clock).stopped_at == play.now
    assert len(play.ledger("clock.stopped")) == 1


@pytest.mark.req("R-069", part="the deadline follows a severity that is chosen anew")
def test_a_new_severity_moves_the_deadline_of_a_running_clock(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, "low")
    play.pass_time(hours=10)
    _qualify(play, "severity", "high")
    assert _stored(clock).due_at - clock.happened_at == hours(24)
    _qualify(play, "severity", "medium")
    assert _stored(clock).due_at - clock.happened_at == hours(48)
    assert [event.codes["severity"] for event in play.ledger("clock.moved")] == ["high", "medium"]


# Stop


@pytest.mark.req("R-058")
@pytest.mark.req("A-01")
def test_found_on_day_19_and_accepted_on_day_21_by_a_named_authority_is_in_time(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("sof")
    play.pass_time(days=19)
    clock = _find(play, "medium")
    play.pass_time(days=2, seconds=-30)

    decision = _accept(play, "sof")

    stopped = _stored(clock)
    assert stopped.stopped_at == decision.happened_at
    assert not _is_late(stopped, play)
    assert (decision.owner_id, decision.responsible_id) == (play.agency("sof"), cast["sof"].id)
    assert [event.agency_id for event in play.ledger("clock.stopped")] == [play.agency("sof")]


@pytest.mark.parametrize(("after", "late"), [(48 * 3600, False), (48 * 3600 + 1, True)])
def test_the_last_second_is_in_time_and_the_next_is_not(cast: dict[str, Worker], after: int, late: bool) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, "medium")
    play.pass_time(hours=49)
    _accept(play, happened_at=clock.happened_at + datetime.timedelta(seconds=after))
    assert _is_late(_stored(clock), play) is late


def test_a_triage_clock_is_stopped_by_taking_responsibility_and_by_nothing_else(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play)
    with pytest.raises(RuleBroken):
        triage.stop_clock(**play.by(), clock=clock.root)
    assert _stored(clock).is_running
    _accept(play)
    with refused(NotVisible):
        triage.pause_clock(**play.by(), clock=clock.root, reason="For sent.")


def test_an_authority_may_take_responsibility_when_no_clock_runs(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    assert _accept(play).kind == Decision.Kind.RESPONSIBILITY


def test_the_triage_clock_is_part_of_the_frame_that_all_admitted_see(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("sof", "dks")
    clock = _find(play)
    for key in ("sof", "dks"):
        assert _the_clock(play, key).id == clock.id


# Pauses


@pytest.mark.req("B-010", part="pause and resume: the deadline moves by the time the clock stood still")
def test_a_paused_clock_is_due_later_by_the_time_it_stood_still(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play)
    play.pass_time(hours=10)
    triage.pause_clock(**play.by(), clock=clock.root, reason="Familien er bortrejst.")
    paused_at = play.now
    assert not _stored(clock).is_running
    play.pass_time(hours=100)
    triage.resume_clock(**play.by(), clock=clock.root)
    resumed = _stored(clock)
    assert resumed.is_running
    assert resumed.due_at == clock.due_at + (play.now - paused_at)
    assert len(play.ledger("clock.paused")) == len(play.ledger("clock.resumed")) == 1


def test_a_clock_is_paused_once_and_resumed_once(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play)
    with pytest.raises(RuleBroken, match="løber allerede"):
        triage.resume_clock(**play.by(), clock=clock.root)
    triage.pause_clock(**play.by(), clock=clock.root, reason="Familien er bortrejst.")
    with pytest.raises(RuleBroken, match="allerede sat i bero"):
        triage.pause_clock(**play.by(), clock=clock.root, reason="Familien er bortrejst.")
    with refused(rules.TextMissing):
        triage.pause_clock(**play.by(), clock=clock.root, reason="")


def test_responsibility_that_is_taken_while_the_clock_stands_still_is_not_late_for_it(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play)
    play.pass_time(hours=10)
    triage.pause_clock(**play.by(), clock=clock.root, reason="Familien er bortrejst.")
    play.pass_time(hours=100)
    _accept(play)
    stopped = _stored(clock)
    assert stopped.stopped_at == play.now
    assert not _is_late(stopped, play)


# Breaches


@pytest.mark.req("R-071", part="a reasoned exception is recorded with the breach")
def test_a_breach_is_explained_and_the_clock_runs_on(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, "high")
    play.pass_time(hours=24)
    triage.explain_breach(**play.by(), clock=clock.root, reason="Familien kunne først mødes i morgen.")
    explained = _stored(clock)
    assert explained.explained_at == play.now
    assert explained.is_running
    assert [fact.codes["rule"] for fact in play.facts("breach")] == ["triage"]
    assert "breach" in [entry.codes.get("kind") for entry in play.timeline()]


def test_a_deadline_that_is_not_past_has_nothing_to_explain(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, "high")
    with refused(triage.NotBreached):
        triage.explain_breach(**play.by(), clock=clock.root, reason="For en sikkerheds skyld.")


def test_a_clock_that_stood_still_when_it_was_due_has_nothing_to_explain(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, "high")
    triage.pause_clock(**play.by(), clock=clock.root, reason="Familien er bortrejst.")
    play.pass_time(hours=100)
    with refused(triage.NotBreached):
        triage.explain_breach(**play.by(), clock=clock.root, reason="For en sikkerheds skyld.")


@pytest.mark.req("R-071", part="a deadline that was met too late can be explained afterwards")
def test_a_breach_can_be_explained_after_the_authority_has_accepted(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, "high")
    play.pass_time(hours=30)
    _accept(play)
    triage.explain_breach(**play.by(), clock=clock.root, reason="Myndigheden var lukket.")
    assert _stored(clock).explained_at == play.now


def test_what_was_met_in_time_has_nothing_to_explain_later(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, "high")
    _accept(play)
    play.pass_time(days=30)
    with refused(triage.NotBreached):
        triage.explain_breach(**play.by(), clock=clock.root, reason="For en sikkerheds skyld.")


def test_a_breach_needs_a_reason(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    clock = _find(play, "high")
    play.pass_time(hours=30)
    with refused(rules.TextMissing):
        triage.explain_breach(**play.by(), clock=clock.root, reason=" ")


# What else


def test_a_clock_of_another_case_is_not_there(cast: dict[str, Worker]) -> None:
    clock = _find(Play(cast).to(Step.RECEIVED))
    play = Play(cast).to(Step.RECEIVED)
    for act in (triage.resume_clock, triage.stop_clock):
        with refused(NotVisible):
            act(**play.by(), clock=clock.root)
    with refused(NotVisible):
        triage.pause_clock(**play.by(), clock=clock.root, reason="Nødvendigt.")
    with refused(NotVisible):
        triage.explain_breach(**play.by(), clock=clock.root, reason="Nødvendigt.")


@pytest.mark.req("R-056", part="no case is closed while triage runs")
def test_a_case_is_not_closed_while_nobody_has_taken_it(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.CLOSING)
    _find(play)
    with refused(rules.OpenMeasures):
        play.close()
    _accept(play)
    assert play.close().is_ended
    assert ending.Kind.DECISION in [entry.kind for entry in play.timeline()]
