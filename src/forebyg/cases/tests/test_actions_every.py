"""What holds for every action: who may, what the ledger, the timeline and the facts keep, and what input is turned away."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from conftest import as_owner

from forebyg.access.models import Worker
from forebyg.audit.models import Event
from forebyg.cases import rules
from forebyg.cases.actions import (
    agreeing,
    assessing,
    consenting,
    disclosing,
    documents,
    ending,
    following,
    informing,
    keeping,
    leaving,
    locking,
    measures,
    meeting,
    merging,
    noticing,
    noting,
    opening,
    triage,
)
from forebyg.cases.models import Agreement, AgreementKept, Contact, Decision, Disclosure, Fact
from forebyg.cases.queries import fetch_case, records_of, running_clocks
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import SSP_115, Play, a_person, an_item, refused
from forebyg.cases.tests.files import incoming
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.intake.actions import receive_concern
from forebyg.people.models import Consent, Information
from forebyg.store.sealed import open_sealed

TYPED = "Skrevet af en medarbejder om en borger"
"""A text that a worker types; it must turn up nowhere but in sealed fields."""

MENTORING = "mentorstoette"


def _offer(play: Play) -> Any:
    acting = play.by()
    return measures.make_offer(**acting, intervention=MENTORING, to=play.person("son"), text=TYPED, happened_at=acting["now"])


def _answer(play: Play, offer: uuid.UUID, kind: str = "accepted", *, by: tuple[str, ...] = ("son", "father")) -> None:
    for person in by:
        acting = play.by()
        measures.answer_offer(
            **acting, offer=offer, kind=kind, answered_by=play.person(person), text=TYPED, happened_at=acting["now"]
        )


def _course(play: Play) -> Any:
    offer = _offer(play)
    _answer(play, offer.root)
    acting = play.by()
    return measures.start_course(**acting, offer=offer.root, holder_id=play.cast["mentor"].id, happened_at=acting["now"])


def _answered_offer(play: Play) -> Any:
    offer = _offer(play)
    _answer(play, offer.root)
    return offer


def _clock(play: Play) -> Any:
    """A clock of VINK's own: the first reminder to offer again after a no."""
    offer = _offer(play)
    _answer(play, offer.root, "refused", by=("son",))
    worker, _now = play.become("vink")
    return running_clocks(worker, fetch_case(worker=worker, case_id=play.case_id))[0]


def _paused(play: Play) -> Any:
    clock = _clock(play)
    triage.pause_clock(**play.by(), clock=clock.root, reason=TYPED)
    return clock


def _breached(play: Play) -> Any:
    clock = _clock(play)
    play.pass_time(days=100)
    return clock


def _item(play: Play) -> Any:
    acting = play.by()
    return noting.write_item(**acting, item=an_item(TYPED), about=[play.person("son")], happened_at=acting["now"])


def _add_document(play: Play, key: str) -> Any:
    """A file whose name and words are typed by a worker."""
    acting = _at(play, key)
    return documents.add_document(
        **acting, incoming=incoming(TYPED.encode(), f"{TYPED}.txt"), about=[play.person("son")], text=TYPED, forum="own"
    )


def _document(play: Play) -> Any:
    return _add_document(play, "vink")


def _alarm(play: Play) -> Any:
    acting = play.by()
    return noting.raise_alarm(
        **acting, kind="feared-departure", text=TYPED, about=[play.person("son")], happened_at=acting["now"]
    )


def _notice(play: Play) -> Any:
    acting = play.by()
    decision = Decision(kind="notice", text=TYPED, legal_ref="undervisningspligt")
    return noting.write_decision(**acting, decision=decision, about=[play.person("son")], happened_at=acting["now"])


def _own_task(play: Play) -> Any:
    return noting.add_task(**play.by(), assigned_to=play.cast["vink"].agency, text=TYPED, due_at=None)


def _admit_dks(play: Play) -> Any:
    play.admit("dks")


def _disclosed(play: Play) -> Any:
    play.admit("dks")
    item = _item(play)
    play.disclose(item, to="dks")
    worker, _now = play.become("vink")
    return Disclosure.objects.get(matter=play.matter_id, owner=worker.agency_id, record_root=item.root)


def _consent(play: Play) -> Consent:
    who = play.person("son")
    return Consent(kind="share", person=who, answered_by=who, answer="given", recipient=play.agency("dks"), text=TYPED)


def _agree(play: Play, key: str) -> Agreement:
    taking_part = [play.person("son"), play.person("father")]
    return agreeing.record_agreement(
        **_at(play, key),
        agreement=Agreement(taking_part=taking_part, without_reason=TYPED, text=TYPED),
        person=play.person("son"),
        look_on=None,
    )


def _propose(play: Play, key: str) -> Any:
    return merging.propose_merge(
        **play.by(key),
        person=play.person("son"),
        other_case_id=play.case_id,
        other=play.person("father"),
        why=TYPED,
    )


def _proposed_by_dks(play: Play) -> Any:
    play.admit("dks")
    play.disclose(*play.people.values(), to="dks")
    return _propose(play, "dks")


def _merged(play: Play) -> Any:
    merge = _proposed_by_dks(play)
    merging.review_merge(**play.by(), merge=merge.id, outcome="accepted", reason=TYPED)
    return merge


def _item_and_dks(play: Play) -> Any:
    play.admit("dks")
    return _item(play)


def _with_grant(play: Play) -> Any:
    acting = play.by()
    return opening.give_access(
        **acting,
        colleague_id=play.cast["vink-kollega"].id,
        ends_at=acting["now"] + opening.GRANT_LASTS,
    )


def _met(play: Play) -> None:
    play.admit("dks")
    play.meet()


@dataclass(frozen=True)
class Deed:
    """An action: how it is done by a worker, from which step, and what it leaves behind."""

    do: Callable[[Play, str, Any], object]
    ledger: str
    entry: str | None = None
    fact: str | None = None
    at: Step = Step.RECEIVED
    by: str = "vink"
    prepare: Callable[[Play], Any] = field(default=lambda _play: None)


def _at(play: Play, key: str) -> dict[str, Any]:
    acting = play.by(key)
    return {**acting, "happened_at": acting["now"]}


DEEDS: dict[str, Deed] = {
    "receive_concern": Deed(
        lambda play, key, _: receive_concern(**(acting := play.by(key)), received_at=acting["now"]),
        "concern.received",
        "concern",
        "concern-received",
        at=Step.ARISEN,
    ),
    "qualify": Deed(
        lambda play, key, _: assessing.qualify(**play.by(key), kind="severity", value="high", reason=TYPED),
        "case.qualified",
        "qualification",
        "qualification",
    ),
    "bring_to_unit": Deed(lambda play, key, _: assessing.bring_to_unit(**play.by(key)), "case.bring-to-unit", None, "move"),
    "record_discussion": Deed(
        lambda play, key, _: assessing.record_discussion(**_at(play, key), text=TYPED, taking_part=[]),
        "case.discussed-in-unit",
        "decision",
        at=Step.DISCUSSION,
    ),
    "assess": Deed(
        lambda play, key, _: play.assess("first", "proceed", key=key, reason=TYPED, ground=TYPED, dissent=TYPED),
        "case.assessed",
        "assessment",
        "assessment",
        at=Step.FIRST_ASSESSMENT,
    ),
    "record_meeting": Deed(
        lambda play, key, _: play.meet(key=key, taking_part=[], text=TYPED),
        "meeting.recorded",
        "meeting",
        "meeting",
        at=Step.MEETING,
    ),
    "conclude_meetings": Deed(
        lambda play, key, _: meeting.conclude_meetings(**play.by(key)),
        "case.met",
        None,
        "move",
        at=Step.MEETING,
        prepare=_met,
    ),
    "make_offer": Deed(
        lambda play, key, _: measures.make_offer(**_at(play, key), intervention=MENTORING, to=play.person("son"), text=TYPED),
        "offer.made",
        "offer",
        "offer",
    ),
    "answer_offer": Deed(
        lambda play, key, offer: measures.answer_offer(
            **_at(play, key), offer=offer.root, kind="refused", answered_by=play.person("son"), text=TYPED
        ),
        "offer.answered",
        "answer",
        "answer",
        prepare=_offer,
    ),
    "start_course": Deed(
        lambda play, key, offer: measures.start_course(**_at(play, key), offer=offer.root, holder_id=None),
        "course.started",
        "course",
        "course",
        prepare=_answered_offer,
    ),
    "change_course": Deed(
        lambda play, key, course: measures.change_course(**_at(play, key), course=course.root, kind="on-hold", text=TYPED),
        "course.changed",
        "course-event",
        "course-event",
        prepare=_course,
    ),
    "agree_measures": Deed(
        lambda play, key, _: play.agree(key=key, text=TYPED),
        "measures.agreed",
        "decision",
        "move",
        at=Step.MEASURES,
    ),
    "renew_measures": Deed(
        lambda play, key, _: measures.renew_measures(**play.by(key)),
        "case.new-measures",
        None,
        "move",
        at=Step.FOLLOW_UP,
    ),
    "take_responsibility": Deed(
        lambda play, key, _: triage.take_responsibility(**_at(play, key), text=TYPED),
        "responsibility.taken",
        "decision",
    ),
    "pause_clock": Deed(
        lambda play, key, clock: triage.pause_clock(**play.by(key), clock=clock.root, reason=TYPED),
        "clock.paused",
        prepare=_clock,
    ),
    "resume_clock": Deed(
        lambda play, key, clock: triage.resume_clock(**play.by(key), clock=clock.root),
        "clock.resumed",
        prepare=_paused,
    ),
    "explain_breach": Deed(
        lambda play, key, clock: triage.explain_breach(**play.by(key), clock=clock.root, reason=TYPED),
        "clock.breach-explained",
        "decision",
        "breach",
        prepare=_breached,
    ),
    "stop_clock": Deed(
        lambda play, key, clock: triage.stop_clock(**play.by(key), clock=clock.root), "clock.stopped", prepare=_clock
    ),
    "add_participant": Deed(
        lambda play, key, _: noting.add_participant(**play.by(key), person=a_person(TYPED, name=TYPED, involved_because=TYPED)),
        "participant.added",
        "participant",
        "participant",
    ),
    "change_participant": Deed(
        lambda play, key, _: noting.change_participant(**play.by(key), root=play.person("father"), changes={"label": TYPED}),
        "participant.changed",
    ),
    "relate": Deed(
        lambda play, key, _: noting.relate(
            **play.by(key), from_participant=play.person("father"), to_participant=play.person("son"), kind="parent"
        ),
        "relation.added",
    ),
    "record_information": Deed(
        lambda play, key, _: informing.record_information(
            **_at(play, key), information=Information(person=play.person("son"), state="told", text=TYPED)
        ),
        "information.recorded",
        None,
        "information",
    ),
    "record_agreement": Deed(
        lambda play, key, _: _agree(play, key),
        "agreement.made",
        "agreement",
        "agreement",
    ),
    "record_kept": Deed(
        lambda play, key, agreement: agreeing.record_kept(
            **_at(play, key),
            kept=AgreementKept(agreement=agreement.root, answer="not-kept", text=TYPED),
            look_on=None,
        ),
        "agreement.looked-at",
        "agreement-kept",
        "agreement-kept",
        prepare=lambda play: _agree(play, "vink"),
    ),
    "record_unit_follow_up": Deed(
        lambda play, key, _: play.follow_up_in_unit(key=key, text=TYPED),
        "unit.followed-up",
        "decision",
        "follow-up",
        at=Step.FOLLOW_UP,
    ),
    "record_contact": Deed(
        lambda play, key, _: following.record_contact(
            **_at(play, key),
            contact=Contact(mandate="intervention:opsoegende-arbejde", text=TYPED),
            about=[play.person("son")],
        ),
        "contact.recorded",
        "contact",
        "contact",
    ),
    "record_consent": Deed(
        lambda play, key, _: consenting.record_consent(**_at(play, key), consent=_consent(play)),
        "consent.recorded",
        "consent",
        "consent",
    ),
    "withdraw_consent": Deed(
        lambda play, key, given: consenting.withdraw_consent(**_at(play, key), consent=given.root, text=TYPED),
        "consent.recorded",
        "consent",
        "consent",
        prepare=lambda play: consenting.record_consent(**_at(play, "vink"), consent=_consent(play)),
    ),
    "write_item": Deed(
        lambda play, key, _: noting.write_item(**_at(play, key), item=an_item(TYPED), about=[play.person("son")]),
        "item.written",
        "item",
    ),
    "correct_item": Deed(
        lambda play, key, item: noting.correct_item(**play.by(key), root=item.root, text=TYPED + "!", reason=TYPED),
        "item.corrected",
        prepare=_item,
    ),
    "add_document": Deed(lambda play, key, _: _add_document(play, key), "document.added", "document"),
    "correct_document": Deed(
        lambda play, key, document: documents.correct_document(
            **play.by(key), root=document.root, incoming=None, about=document.about, text=TYPED + "!", reason=TYPED
        ),
        "document.corrected",
        prepare=_document,
    ),
    "correct_wrong_person": Deed(
        lambda play, key, item: noting.correct_wrong_person(
            **play.by(key), root=item.root, about=[play.person("father")], reason=TYPED
        ),
        "item.corrected",
        prepare=_item,
    ),
    "write_decision": Deed(
        lambda play, key, _: noting.write_decision(
            **_at(play, key), decision=Decision(kind="visit", text=TYPED), about=[play.person("son")]
        ),
        "decision.written",
        "decision",
        "decision",
    ),
    "answer_notice": Deed(
        lambda play, key, notice: noticing.answer_notice(
            **_at(play, key), notice=notice.root, answered_by=play.person("father"), text=TYPED
        ),
        "notice.answered",
        "notice-answer",
        "notice-answer",
        prepare=_notice,
    ),
    "raise_alarm": Deed(
        lambda play, key, _: noting.raise_alarm(
            **_at(play, key), kind="feared-departure", text=TYPED, about=[play.person("son")]
        ),
        "alarm.raised",
        "alarm",
        "alarm",
    ),
    "end_alarm": Deed(
        lambda play, key, alarm: noting.end_alarm(**_at(play, key), alarm=alarm.root, text=TYPED),
        "alarm.ended",
        "alarm-end",
        prepare=_alarm,
    ),
    "tick_point": Deed(
        lambda play, key, _: noting.tick_point(**play.by(key), procedure="arbejdsgang-boern", point=0),
        "procedure.ticked",
    ),
    "add_task": Deed(
        lambda play, key, _: noting.add_task(**play.by(key), assigned_to=play.cast["vink"].agency, text=TYPED, due_at=None),
        "task.added",
    ),
    "complete_task": Deed(
        lambda play, key, task: noting.complete_task(**play.by(key), root=task.root), "task.done", prepare=_own_task
    ),
    "admit_agency": Deed(
        lambda play, key, _: opening.admit_agency(
            **play.by(key),
            agency_id=play.agency("sof"),
            contact_id=play.cast["sof"].id,
            finding=SSP_115,
            necessity=TYPED,
        ),
        "agency.admitted",
    ),
    "change_lead": Deed(
        lambda play, key, _: opening.change_lead(**play.by(key), agency_id=play.agency("dks"), reason=TYPED),
        "case.lead-changed",
        prepare=_admit_dks,
    ),
    "lock_specially": Deed(
        lambda play, key, _: locking.lock_specially(**play.by(key), keep=[], reason=TYPED),
        "matter.locked",
    ),
    "lift_lock": Deed(
        lambda play, key, _: locking.lift_lock(**play.by(key), reason=TYPED),
        "matter.unlocked",
        prepare=lambda play: locking.lock_specially(**play.by(), keep=[], reason=TYPED),
    ),
    "propose_merge": Deed(lambda play, key, _: _propose(play, key), "merge.proposed"),
    "review_merge": Deed(
        lambda play, key, merge: merging.review_merge(**play.by(key), merge=merge.id, outcome="accepted", reason=TYPED),
        "merge.accepted",
        prepare=lambda play: _proposed_by_dks(play),
    ),
    "undo_merge": Deed(
        lambda play, key, merge: merging.undo_merge(**play.by(key), merge=merge.id, reason=TYPED),
        "merge.undone",
        prepare=lambda play: _merged(play),
    ),
    "give_access": Deed(
        lambda play, key, _: opening.give_access(
            **(acting := play.by(key)),
            colleague_id=play.cast["vink-kollega"].id,
            ends_at=acting["now"] + opening.GRANT_LASTS,
        ),
        "access.given",
    ),
    "end_access": Deed(
        lambda play, key, grant: opening.end_access(**play.by(key), grant_id=grant.id),
        "access.ended",
        prepare=_with_grant,
    ),
    "end_admission": Deed(
        lambda play, key, _: leaving.end_admission(**play.by(key), agency_id=play.agency("sof"), reason=TYPED),
        "admission.ended",
        prepare=lambda play: play.admit("sof"),
    ),
    "disclose": Deed(
        lambda play, key, item: disclosing.disclose(
            **play.by(key),
            records=[("cases_item", item.root)],
            to_agency=play.agency("dks"),
            finding=SSP_115,
            necessity=TYPED,
        ),
        "record.disclosed",
        None,
        "disclosure",
        prepare=_item_and_dks,
    ),
    "withdraw": Deed(
        lambda play, key, told: disclosing.withdraw(**play.by(key), disclosure=told.root, reason=TYPED),
        "disclosure.withdrawn",
        prepare=_disclosed,
    ),
    "record_journal": Deed(
        lambda play, key, _: ending.record_journal(**play.by(key), number="2016-000001", closed_there_on=None),
        "journal.linked",
        "journal",
    ),
    "close_case": Deed(lambda play, key, _: play.close(key=key, text=TYPED), "case.close", "decision", "move", at=Step.CLOSING),
    "hand_to_pet": Deed(
        lambda play, key, _: ending.hand_to_pet(**_at(play, key), text=TYPED),
        "case.pet-hand-over-recorded",
        "decision",
        "move",
        by="dks",
        prepare=_admit_dks,
    ),
    "reopen_case": Deed(lambda play, key, _: opening.reopen_case(**play.by(key), reason=TYPED), "case.reopened", at=Step.ENDED),
}


def _prepared(cast: dict[str, Worker], name: str) -> tuple[Play, Deed, Any]:
    deed = DEEDS[name]
    play = Play(cast).to(deed.at)
    return play, deed, deed.prepare(play)


@pytest.mark.req("R-217", part="every change of a case has its event: who, for which agency, which matter")
@pytest.mark.req("R-217", part="the ledger's codes hold no text that a person wrote")
@pytest.mark.req("R-222", part="statistical facts hold fixed words only")
@pytest.mark.parametrize("name", DEEDS)
def test_an_action_leaves_its_event_its_entry_and_its_fact_and_none_of_them_tells_what_was_typed(
    cast: dict[str, Worker], name: str
) -> None:
    play, deed, made = _prepared(cast, name)
    ledger = {event.id for event in play.ledger(deed.ledger)}
    timeline = {entry.id for entry in play.timeline(deed.by)}
    facts = {fact.id for fact in play.facts(deed.fact or "")}

    deed.do(play, deed.by, made)

    new = [event for event in play.ledger(deed.ledger) if event.id not in ledger]
    assert new
    for event in new:
        assert (event.worker_id, event.agency_id) == (cast[deed.by].id, play.agency(deed.by))
        assert event.matter_ids == [play.matter_id]
    entries = [entry for entry in play.timeline(deed.by) if entry.id not in timeline]
    if deed.entry:
        assert deed.entry in [entry.kind for entry in entries]
    if deed.fact:
        assert [fact for fact in play.facts(deed.fact) if fact.id not in facts]
    with as_owner():
        codes = list(Event.objects.filter(matter_ids__contains=[play.matter_id]).values_list("codes"))
        told = list(Fact.objects.values_list("kind", "codes"))
    assert TYPED not in f"{codes} {told}"


@pytest.mark.req("R-216", part="default is no access: an agency outside the matter finds nothing there to change")
@pytest.mark.parametrize("name", DEEDS)
def test_who_may_not_is_turned_away_and_nothing_is_changed(cast: dict[str, Worker], name: str) -> None:
    play, deed, made = _prepared(cast, name)
    has_colleague = deed.by == "vink" and name != "end_access"
    if has_colleague:
        play.grant("vink-kollega", participant=play.person("son"), reason="special")
    play.grant("mentor", reason="special")  # which counts in a locked matter, too
    before = {event.id for event in play.ledger(deed.ledger)}

    with refused(NotVisible):  # SSP has no part in the matter
        deed.do(play, "ssp", made)
    with refused(NotVisible):  # neither has a politician, in whatever agency
        deed.do(play, "politiker", made)
    with refused(NotPermitted):  # a mentor with the whole matter still has no such permission
        deed.do(play, "mentor", made)
    if has_colleague:
        with refused(NotPermitted):  # need to know of one participant is not need to know of the matter
            deed.do(play, "vink-kollega", made)

    assert {event.id for event in play.ledger(deed.ledger)} == before
    play.case_id = new_id()
    with refused(NotVisible):  # and a case that is not there looks like one that is hidden
        deed.do(play, deed.by, made)


# Forms


def test_the_same_form_counts_once(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    token = new_id()
    acting = play.by()
    keeping.use_form(worker=acting["worker"], token=token, now=acting["now"])
    again = play.by()
    with refused(rules.AlreadyDone):
        keeping.use_form(worker=again["worker"], token=token, now=again["now"])
    keeping.use_form(worker=again["worker"], token=new_id(), now=again["now"])


def test_a_token_that_another_worker_used_is_used(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    token = new_id()
    acting = play.by()
    keeping.use_form(worker=acting["worker"], token=token, now=acting["now"])
    other = play.by("dks")
    with refused(rules.AlreadyDone):
        keeping.use_form(worker=other["worker"], token=token, now=other["now"])


STALE: dict[str, tuple[Step, Callable[[Play, int], object]]] = {
    "bring_to_unit": (Step.RECEIVED, lambda play, seen: assessing.bring_to_unit(**play.by(), seen=seen)),
    "record_discussion": (
        Step.DISCUSSION,
        lambda play, seen: assessing.record_discussion(**_at(play, "vink"), text=TYPED, taking_part=[], seen=seen),
    ),
    "assess": (Step.FIRST_ASSESSMENT, lambda play, seen: play.assess("first", "proceed", seen=seen)),
    "conclude_meetings": (Step.MEETING, lambda play, seen: meeting.conclude_meetings(**play.by(), seen=seen)),
    "agree_measures": (Step.MEASURES, lambda play, seen: play.agree(seen=seen)),
    "renew_measures": (Step.FOLLOW_UP, lambda play, seen: measures.renew_measures(**play.by(), seen=seen)),
    "close_case": (Step.CLOSING, lambda play, seen: play.close(seen=seen)),
    "hand_to_pet": (
        Step.RECEIVED,
        lambda play, seen: ending.hand_to_pet(**_at(play, "dks"), text=TYPED, seen=seen),
    ),
}


@pytest.mark.parametrize("name", STALE)
def test_a_page_that_was_opened_before_the_last_move_moves_nothing(cast: dict[str, Worker], name: str) -> None:
    step, do = STALE[name]
    play = Play(cast).to(step)
    play.admit_once("dks")
    if step is Step.MEETING:
        play.meet()
    with refused(rules.StaleCase):
        do(play, play.version - 1)
    assert play.step is step
    do(play, play.version)
    assert play.step is not step


# Input that nobody can mean

LONG = "x" * 50_000
TEXTS: dict[str, Callable[[Play, str], object]] = {
    "qualify": lambda play, text: assessing.qualify(**play.by(), kind="severity", value="low", reason=text),
    "write_item": lambda play, text: noting.write_item(**_at(play, "vink"), item=an_item(text), about=[]),
    "write_decision": lambda play, text: noting.write_decision(
        **_at(play, "vink"), decision=Decision(kind="visit", text=text), about=[]
    ),
    "answer_notice": lambda play, text: noticing.answer_notice(
        **_at(play, "vink"), notice=_notice(play).root, answered_by=play.person("father"), text=text
    ),
    "raise_alarm": lambda play, text: noting.raise_alarm(**_at(play, "vink"), kind="other", text=text, about=[]),
    "record_meeting": lambda play, text: play.meet(taking_part=[], text=text),
    "take_responsibility": lambda play, text: triage.take_responsibility(**_at(play, "vink"), text=text),
    "add_participant": lambda play, text: noting.add_participant(**play.by(), person=a_person(text)),
    "change_participant": lambda play, text: noting.change_participant(
        **play.by(), root=play.person("son"), changes={"label": text}
    ),
    "add_task": lambda play, text: noting.add_task(**play.by(), assigned_to=play.cast["vink"].agency, text=text, due_at=None),
    "record_journal": lambda play, text: ending.record_journal(**play.by(), number=text, closed_there_on=None),
    "correct_item": lambda play, text: noting.correct_item(**play.by(), root=_item(play).root, text=text, reason="Fejl."),
    "correct_item: reason": lambda play, text: noting.correct_item(
        **play.by(), root=_item(play).root, text="Rettet.", reason=text
    ),
    "admit_agency": lambda play, text: opening.admit_agency(
        **play.by(), agency_id=play.agency("sof"), contact_id=play.cast["sof"].id, finding=SSP_115, necessity=text
    ),
    "change_lead": lambda play, text: opening.change_lead(**play.by(), agency_id=play.agency("vink"), reason=text),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_asked_for_and_has_its_limit(cast: dict[str, Worker], name: str) -> None:
    play = Play(cast).to(Step.RECEIVED)
    write = TEXTS[name]
    with refused(rules.TextMissing):
        write(play, "")
    with refused(rules.TextMissing):
        write(play, " \n ")
    with refused(rules.TextTooLong):
        write(play, LONG)
    with refused(rules.TextTooLong):
        write(play, "x" * 20_001)
    write(play, "x" * 20_000)


OPTIONAL: dict[str, Callable[[Play, str], object]] = {
    "a name": lambda play, text: noting.add_participant(**play.by(), person=a_person("Ven", name=text)),
    "why involved": lambda play, text: noting.add_participant(**play.by(), person=a_person("Ven", involved_because=text)),
    "why no guardian": lambda play, text: play.meet(taking_part=[], no_guardian_reason=text),
    "an offer's text": lambda play, text: measures.make_offer(
        **_at(play, "vink"), intervention=MENTORING, to=play.person("son"), text=text
    ),
    "an answer's text": lambda play, text: measures.answer_offer(
        **_at(play, "vink"), offer=_offer(play).root, kind="refused", answered_by=play.person("son"), text=text
    ),
}


@pytest.mark.parametrize("what", OPTIONAL)
def test_a_text_that_may_be_left_out_has_its_limit_too(cast: dict[str, Worker], what: str) -> None:
    play = Play(cast).to(Step.RECEIVED)
    with refused(rules.TextTooLong):
        OPTIONAL[what](play, LONG)
    OPTIONAL[what](play, "x" * 20_000)
    OPTIONAL[what](play, "")


LATER: dict[str, tuple[Step, Callable[[Play, Any], object]]] = {
    "write_item": (
        Step.RECEIVED,
        lambda play, at: noting.write_item(**play.by(), item=an_item(), about=[], happened_at=at),
    ),
    "raise_alarm": (
        Step.RECEIVED,
        lambda play, at: noting.raise_alarm(**play.by(), kind="other", text=TYPED, about=[], happened_at=at),
    ),
    "qualify": (
        Step.RECEIVED,
        lambda play, at: assessing.qualify(**play.by(), kind="severity", value="low", reason=TYPED, happened_at=at),
    ),
    "record_meeting": (Step.RECEIVED, lambda play, at: play.meet(taking_part=[], happened_at=at)),
    "take_responsibility": (
        Step.RECEIVED,
        lambda play, at: triage.take_responsibility(**play.by(), text=TYPED, happened_at=at),
    ),
    "record_discussion": (
        Step.DISCUSSION,
        lambda play, at: assessing.record_discussion(**play.by(), text=TYPED, taking_part=[], happened_at=at),
    ),
    "assess": (Step.FIRST_ASSESSMENT, lambda play, at: play.assess("first", "proceed", happened_at=at)),
    "close_case": (Step.CLOSING, lambda play, at: play.close(happened_at=at)),
}


@pytest.mark.parametrize("name", LATER)
def test_nothing_is_recorded_before_it_happened(cast: dict[str, Worker], name: str) -> None:
    step, do = LATER[name]
    play = Play(cast).to(step)
    with refused(rules.InTheFuture):
        do(play, play.now + datetime.timedelta(hours=1))
    with refused(rules.BeforeTheCase):
        do(play, play.now.replace(year=play.now.year - 100, day=1))
    do(play, play.now)


OTHERS: dict[str, tuple[Step, Callable[[Play, uuid.UUID], object]]] = {
    "write_item": (Step.RECEIVED, lambda play, who: noting.write_item(**_at(play, "vink"), item=an_item(), about=[who])),
    "write_decision": (
        Step.RECEIVED,
        lambda play, who: noting.write_decision(
            **_at(play, "vink"), decision=Decision(kind="visit", text=TYPED), about=[play.person("son"), who]
        ),
    ),
    "answer_notice": (
        Step.RECEIVED,
        lambda play, who: noticing.answer_notice(**_at(play, "vink"), notice=_notice(play).root, answered_by=who, text=TYPED),
    ),
    "raise_alarm": (
        Step.RECEIVED,
        lambda play, who: noting.raise_alarm(**_at(play, "vink"), kind="other", text=TYPED, about=[who]),
    ),
    "record_meeting": (Step.RECEIVED, lambda play, who: play.meet(taking_part=[], about=[who])),
    "record_meeting: guardian": (
        Step.RECEIVED,
        lambda play, who: play.meet(taking_part=[], guardians_present=[who]),
    ),
    "qualify": (
        Step.RECEIVED,
        lambda play, who: assessing.qualify(**play.by(), kind="classification", value="at-risk", reason=TYPED, about=who),
    ),
    "make_offer": (
        Step.RECEIVED,
        lambda play, who: measures.make_offer(**_at(play, "vink"), intervention=MENTORING, to=who, text=""),
    ),
    "answer_offer": (
        Step.RECEIVED,
        lambda play, who: measures.answer_offer(
            **_at(play, "vink"), offer=_offer(play).root, kind="accepted", answered_by=who, text=""
        ),
    ),
    "relate": (
        Step.RECEIVED,
        lambda play, who: noting.relate(**play.by(), from_participant=play.person("son"), to_participant=who, kind="sibling"),
    ),
    "correct_wrong_person": (
        Step.RECEIVED,
        lambda play, who: noting.correct_wrong_person(**play.by(), root=_item(play).root, about=[who], reason=TYPED),
    ),
    "assess": (
        Step.FIRST_ASSESSMENT,
        lambda play, who: play.assess("first", {play.person("son"): "proceed", who: "proceed"}),
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_participant_of_another_case_is_turned_away(cast: dict[str, Worker], name: str) -> None:
    stranger = Play(cast).person("son")
    step, do = OTHERS[name]
    play = Play(cast).to(step)
    with refused(rules.SubjectMissing if name == "assess" else rules.NotInThisCase):
        do(play, stranger)
    with refused(rules.SubjectMissing if name == "assess" else rules.NotInThisCase):
        do(play, new_id())


@pytest.mark.parametrize("name", ["record_discussion", "assess", "record_meeting"])
def test_an_agency_that_has_no_part_in_the_case_took_no_part_in_its_work(cast: dict[str, Worker], name: str) -> None:
    play = Play(cast)
    absent = [play.agency("vink"), play.agency("sof")]
    if name == "record_discussion":
        play.to(Step.DISCUSSION)
        with refused(rules.NotInThisCase):
            assessing.record_discussion(**_at(play, "vink"), text=TYPED, taking_part=absent)
    elif name == "assess":
        play.to(Step.FIRST_ASSESSMENT)
        with refused(rules.NotInThisCase):
            play.assess("first", "proceed", taking_part=absent)
    else:
        with refused(rules.NotInThisCase):
            play.meet(taking_part=absent)


WORDS: dict[str, Callable[[Play], object]] = {
    "an item's kind": lambda play: noting.write_item(**_at(play, "vink"), item=an_item(kind="rumour"), about=[]),
    "an item's weight": lambda play: noting.write_item(**_at(play, "vink"), item=an_item(weight="9"), about=[]),
    "an item's forum": lambda play: noting.write_item(**_at(play, "vink"), item=an_item(forum="all"), about=[]),
    "a decision's kind": lambda play: noting.write_decision(
        **_at(play, "vink"), decision=Decision(kind="sentence", text=TYPED), about=[]
    ),
    "an alarm's kind": lambda play: noting.raise_alarm(**_at(play, "vink"), kind="fire", text=TYPED, about=[]),
    "a meeting's kind": lambda play: play.meet(taking_part=[], kind="party"),
    "a meeting's result": lambda play: play.meet(taking_part=[], result="fine"),
    "a relation": lambda play: noting.relate(
        **play.by(), from_participant=play.person("son"), to_participant=play.person("father"), kind="enemy"
    ),
    "an answer": lambda play: measures.answer_offer(
        **_at(play, "vink"), offer=_offer(play).root, kind="perhaps", answered_by=play.person("son"), text=""
    ),
    "a change of a course": lambda play: measures.change_course(
        **_at(play, "vink"), course=_course(play).root, kind="exploded", text=TYPED
    ),
    "a severity": lambda play: assessing.qualify(**play.by(), kind="severity", value="extreme", reason=TYPED),
    "a classification": lambda play: assessing.qualify(
        **play.by(), kind="classification", value="terrorist", reason=TYPED, about=play.person("son")
    ),
    "a case type": lambda play: assessing.qualify(**play.by(), kind="case-type", value="level", reason=TYPED),
    "a level": lambda play: assessing.qualify(**play.by(), kind="level", value="sagstype-boern", reason=TYPED),
    "a kind of choice": lambda play: assessing.qualify(**play.by(), kind="score", value="foregribende", reason=TYPED),
    "an intervention": lambda play: measures.make_offer(
        **_at(play, "vink"), intervention="surveillance", to=play.person("son"), text=""
    ),
    "a procedure": lambda play: noting.tick_point(**play.by(), procedure="no-such", point=0),
    "a point": lambda play: noting.tick_point(**play.by(), procedure="arbejdsgang-boern", point=99_999),
    "a point before the first": lambda play: noting.tick_point(**play.by(), procedure="arbejdsgang-boern", point=-1),
    "a municipality's length": lambda play: noting.add_participant(**play.by(), person=a_person("Ven", municipality="x" * 61)),
    "a provision's length": lambda play: noting.write_decision(
        **_at(play, "vink"), decision=Decision(kind="notice", text=TYPED, legal_ref="x" * 61), about=[]
    ),
}


@pytest.mark.req("R-029", part="there is no kind of choice for a score")
@pytest.mark.parametrize("what", WORDS)
def test_a_word_that_is_not_on_the_list_is_a_broken_rule_and_no_crash(cast: dict[str, Worker], what: str) -> None:
    play = Play(cast).to(Step.RECEIVED)
    with pytest.raises(RuleBroken):
        WORDS[what](play)


def test_a_person_without_a_role_is_a_broken_rule_and_no_crash(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(noting.RoleMissing):
        noting.add_participant(**play.by(), person=a_person("Ven", is_subject=False))
    with refused(noting.RoleMissing):
        noting.change_participant(**play.by(), root=play.person("son"), changes={"is_subject": False})


def test_what_was_typed_is_sealed_and_read_back(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    item = _item(play)
    worker, _now = play.become("vink")
    [stored] = type(item).objects.visible_to(worker).filter(root=item.root)
    assert TYPED.encode() not in bytes(stored.text)
    open_sealed([stored])
    assert stored.text == TYPED
    assert [one.text for one in records_of(worker, play.case(), type(item)) if one.root == item.root] == [TYPED]
