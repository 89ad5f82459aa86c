"""A case that several agencies see, and what is then hidden from all but VINK: more in that case, and a case of its own."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from conftest import as_owner
from django.utils import timezone

from forebyg.access.models import Grant, Worker
from forebyg.cases.actions import disclosing, measures, noting
from forebyg.cases.actions.consenting import record_consent
from forebyg.cases.actions.documents import add_document
from forebyg.cases.actions.locking import lock_specially
from forebyg.cases.actions.merging import propose_merge
from forebyg.cases.finding import Terms
from forebyg.cases.models import Clock, Decision, Disclosure, Document, Task
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import SSP_115, Play, a_person, an_item
from forebyg.cases.tests.files import a_pdf, incoming
from forebyg.people.models import Consent, Participant
from forebyg.sharing.requests import actions as requests

MARK = "Kvasthusbroen"
"""Stands in every text that is hidden."""
CPR = "0101801237"
AGENCIES = ("dks", "sof", "sekretariat", "ekp")
"""Who takes part in the case, with the whole of it. EKP is let in on what is hidden from the others."""


@dataclass
class Seen:
    """The case that they see, and rows of it by what they are."""

    play: Play
    reference: str
    rows: dict[str, uuid.UUID]


def open_case(cast: dict[str, Worker]) -> Seen:
    """A case of VINK's in which others take part and know the son and his father; a mentor knows the son."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit(*AGENCIES)
    for key in AGENCIES:
        play.disclose(play.people["son"], play.people["father"], to=key)
    play.grant("mentor", participant=play.person("son"))
    play.disclose(play.people["son"], to="mentor")
    item = _write(play, "Noget, som DKS har set.", by="dks")
    play.disclose(item, to="sof", by="dks")
    document = _lay(play, "Det, som DKS har på papir.", by="dks")
    play.disclose(document, to="sof", by="dks")
    alarm = noting.raise_alarm(**play.by("dks"), kind="other", text="Det haster.", about=play.subjects, happened_at=play.now)
    with as_owner():
        found = {
            "task": Task.objects.filter(assigned_to=play.agency("dks")).values_list("root", flat=True)[0],
            "disclosure": Disclosure.objects.filter(recipient=play.agency("sof"), owner=play.agency("dks")).values_list(
                "root", flat=True
            )[0],
            "grant": Grant.objects.filter(worker=cast["dks"]).values_list("id", flat=True)[0],
        }
    found |= {"item": item.root, "document": document.root, "alarm": alarm.root, "person": play.person("son")}
    return Seen(play, play.case().matter.reference, found)


def hide(seen: Seen) -> tuple[str, dict[str, uuid.UUID]]:
    """VINK writes down all kinds of things that nobody else is told (but EKP, of some), here and in a locked case of its own.
    That case's reference, and the ids here by what they are."""
    play = seen.play
    friend = noting.add_participant(**play.by(), person=_person(is_involved=True))
    noting.relate(**play.by(), from_participant=friend.root, to_participant=play.person("son"), kind="influence")
    item = _write(play, MARK, about=[friend.root])
    noting.correct_item(**play.by(), root=item.root, text=f"{MARK} igen", reason=MARK)
    document = _lay(play, MARK, about=[friend.root])
    noting.write_decision(**play.by(), decision=Decision(kind="other", text=MARK), about=[], happened_at=play.now)
    noting.add_task(**play.by(), assigned_to=play.cast["vink"].agency, text=MARK, due_at=play.now + datetime.timedelta(hours=3))
    offer = measures.make_offer(
        **play.by(), intervention="mentorstoette", to=play.person("son"), text=MARK, happened_at=play.now
    )
    consent = record_consent(**play.by(), consent=_consent(friend.root, play.agency("ekp")), happened_at=play.now)
    request = _ask_ekp(play, play.person("son"))
    told = disclosing.disclose(
        **play.by(),
        records=[("cases_item", item.root)],
        to_agency=play.agency("ekp"),
        finding=SSP_115,
        necessity=MARK,
    )
    other = _locked_case(play, friend)
    with as_owner():
        clock = Clock.objects.filter(rule=Clock.Rule.REQUEST).values_list("root", flat=True)[0]
        task = Task.objects.filter(matter=play.matter_id, kind=Task.Kind.DO).values_list("root", flat=True)[0]
        grant = Grant.objects.filter(matter=other.matter_id).values_list("id", flat=True)[0]
    hidden = {"person": friend.root, "item": item.root, "document": document.root, "offer": offer.root, "request": request}
    hidden |= {"disclosure": told[0].root, "consent": consent.root, "clock": clock, "task": task, "grant": grant}
    return other.case().matter.reference, hidden


def _locked_case(play: Play, friend: Participant) -> Play:
    """The same person in another case, which VINK's worker alone may see."""
    other = Play(play.cast, {"subject": _person(is_subject=True)})
    other.elapsed, other.now = play.elapsed, play.now
    other.receive()
    _write(other, MARK, about=other.subjects)
    noting.raise_alarm(**other.by(), kind="other", text=MARK, about=other.subjects, happened_at=other.now)
    subject = other.person("subject")
    propose_merge(**play.by(), person=friend.root, other_case_id=other.case_id, other=subject, why=MARK)
    lock_specially(**other.by(), keep=[], reason=MARK)
    return other


def _person(**roles: bool) -> Participant:
    return a_person(MARK, name=MARK, cpr=CPR, born_on="1980-01-01", involved_because=MARK, **roles)


def _consent(person: uuid.UUID, recipient: uuid.UUID) -> Consent:
    return Consent(
        kind=Consent.Kind.SHARE, person=person, answered_by=person, answer=Consent.Answer.GIVEN, recipient=recipient, text=MARK
    )


def _ask_ekp(play: Play, person: uuid.UUID) -> uuid.UUID:
    acting = play.by()
    return requests.ask_agency(
        **acting,
        asked=play.agency("ekp"),
        contact=None,
        persons=[person],
        question=MARK,
        necessity=MARK,
        terms=Terms(forum="ssp"),
        due_on=timezone.localdate(acting["now"]) + datetime.timedelta(days=2),
    ).root


def _write(play: Play, text: str, *, by: str = "vink", about: list[uuid.UUID] | None = None) -> object:
    acting = play.by(by)
    return noting.write_item(**acting, item=an_item(text), about=about or play.subjects, happened_at=acting["now"])


def _lay(play: Play, text: str, *, by: str = "vink", about: list[uuid.UUID] | None = None) -> Document:
    acting = play.by(by)
    return add_document(
        **acting,
        incoming=incoming(a_pdf(text), f"{text}.pdf"),
        about=about or play.subjects,
        text=text,
        forum="own",
        happened_at=acting["now"],
    )
