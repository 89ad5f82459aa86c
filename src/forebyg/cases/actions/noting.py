"""Recording what is known: persons and their relations, items of information, alarms, the procedure's points, tasks."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from forebyg.access.models import Agency, Worker
from forebyg.access.permissions import Permission
from forebyg.access.records import AnyRecord, Record
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep, keep_version, note
from forebyg.cases.actions.telling import tell, tell_of_correction
from forebyg.cases.models import Alarm, AlarmEnd, Decision, Item, ProcedureTick, Task, TimelineEntry
from forebyg.cases.queries import admitted_agencies, fetch_record, participants_of
from forebyg.core import cpr
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.people.models import Participant, Relation
from forebyg.store.sealed import key_store
from forebyg.strategy.queries import pack_of

Kind = TimelineEntry.Kind


class CprNotANumber(RuleBroken):
    """Ten digits that are not a CPR number."""

    code = "cpr-not-a-number"

    def __init__(self) -> None:
        super().__init__(
            _(
                "CPR-nummeret skal være ti cifre, fx 010199-1234, eller et erstatningsnummer, fx 610199-1234. Lad feltet stå tomt, hvis personen intet har."
            )
        )


class BirthDateNotPossible(RuleBroken):
    """A date of birth in the future or more than 120 years ago."""

    code = "birth-date-not-possible"

    def __init__(self) -> None:
        super().__init__(_("Fødselsdatoen kan ikke passe. Kontrollér år, måned og dag."))


class RoleMissing(RuleBroken):
    """A person who is neither subject, involved nor guardian."""

    code = "role-missing"

    def __init__(self) -> None:
        super().__init__(_("Vælg, om bekymringen gælder personen, eller om personen er involveret, forælder eller værge."))


class Retracted(RuleBroken):
    """An item that was moved to another case is only a note here."""

    code = "retracted"

    def __init__(self) -> None:
        super().__init__(_("Oplysningen er flyttet til en anden sag. Ret den dér."))


class AlarmOfAnother(RuleBroken):
    """An alarm is resolved by the agency that raised it, so that nobody else believes that it still stands."""

    code = "alarm-of-another"

    def __init__(self) -> None:
        super().__init__(_("Alarmen tilhører en anden myndighed. Skriv, hvad I ved, som en oplysning, og videregiv den."))


class TextForOthers(RuleBroken):
    """A task for another agency carries no text: text about a person is told by disclosure only."""

    code = "text-for-others"

    def __init__(self) -> None:
        super().__init__(
            _(
                "En opgave til en anden myndighed kan ikke have tekst. Videregiv oplysningen i stedet, og send opgaven uden tekst."
            )
        )


def keep_participant(deed: Deed, person: Participant) -> Participant:
    """Keep a person of the matter; used where a matter begins, too."""
    if person.citizen is None:
        person.citizen = new_id()
    _check_person(person, deed.now)
    return keep(
        deed,
        person,
        action="participant.added",
        about=[person.root],
        entry=Kind.PARTICIPANT,
        entry_text=person.label,
        fact="participant",
        fact_codes={"role": "subject" if person.is_subject else "involved"},
        token=person.citizen,
    )


def add_participant(*, worker: Worker, case_id: uuid.UUID, person: Participant, now: datetime.datetime) -> Participant:
    """Add a person to a case: subject, involved, guardian, or two of them (R-011, R-012)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    return keep_participant(deed, person)


def change_participant(
    *, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, changes: dict[str, object], now: datetime.datetime
) -> Participant:
    """A new version of a person recorded by one's own agency: roles, date of birth, cooperation. Recipients are told."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.CORRECT, now=now, also_ended=True)
    previous = _own(fetch_record(worker=worker, model=Participant, case=deed.case, root=root), worker)
    person = Participant(**content_of(previous) | changes)
    _check_person(person, now)
    person.about, person.happened_at = previous.about, previous.happened_at
    keep_version(deed, person, previous=previous, action="participant.changed", entry_text=person.label, entry_codes={})
    tell_of_correction(deed, person, previous=previous)
    return person


def _check_person(person: Participant, now: datetime.datetime) -> None:
    """A label, a role, a date of birth that can be, and a CPR number with its index for exact look-up."""
    rules.check_text(person.label, what=_("hvordan personen omtales i sagen"))
    if not person.roles:
        raise RoleMissing
    if person.born_on:
        _check_birth(person.born_on, now)
    digits = cpr.normalised(person.cpr) if person.cpr else ""
    if digits is None:
        raise CprNotANumber
    person.cpr, person.cpr_index = digits, key_store().blind_index("cpr", digits) if digits else None


def relate(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    from_participant: uuid.UUID,
    to_participant: uuid.UUID,
    kind: str,
    has_custody: bool | None = None,
    now: datetime.datetime,
) -> Relation:
    """Record how two persons of the case are related (R-011)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    rules.check_members([from_participant, to_participant], _known(deed))
    if from_participant == to_participant:
        raise RuleBroken(_("Vælg to forskellige personer."))
    relation = Relation(from_participant=from_participant, to_participant=to_participant, kind=kind, has_custody=has_custody)
    return keep(deed, relation, action="relation.added", about=[from_participant, to_participant])


def write_item(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    item: Item,
    about: Iterable[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Item:
    """Record a piece of information: observation, statement, claim or assessment apart (R-014). Information from a forum
    is marked as not for investigation (R-082)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    return keep_item(deed, item, about=about, happened_at=happened_at)


def keep_item(deed: Deed, item: Item, *, about: Iterable[uuid.UUID], happened_at: datetime.datetime) -> Item:
    """Keep an item in a deed that has begun; used where a matter begins, too."""
    about = list(about)
    rules.check_text(item.text, what=_("hvad der er set, hørt eller vurderet"))
    rules.check_item_kind(item.kind, item.source)
    rules.check_members(about, _known(deed))
    item.not_for_investigation = item.not_for_investigation or rules.purpose_mark(item.forum)
    return keep(
        deed,
        item,
        action="item.written",
        about=about,
        happened_at=happened_at,
        entry=Kind.ITEM,
        entry_codes={"kind": item.kind},
        entry_text=item.text,
    )


def correct_item(
    *, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, text: str, reason: str, now: datetime.datetime
) -> Item:
    """Correct an item of one's own agency: a new version; every recipient is told (`keep_version` says who reads it)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.CORRECT, now=now, also_ended=True)
    rules.check_text(text, what=_("den rettede tekst"))
    return renew_item(deed, root, reason=reason, text=text)


def correct_wrong_person(
    *, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, about: Iterable[uuid.UUID], reason: str, now: datetime.datetime
) -> Item:
    """The item was about another person of the case: the new version says whom. Who was told of somebody whom it
    is not about no longer reads it, and is told so."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.CORRECT, now=now, also_ended=True)
    about = list(about)
    rules.check_members(about, _known(deed))
    if not about:
        raise rules.NotInThisCase
    return renew_item(deed, root, reason=reason, about=about)


def renew_item(deed: Deed, root: uuid.UUID, *, reason: str, **changes: object) -> Item:
    """A new version of an item of one's own agency, in a deed that has begun. Recipients are told."""
    rules.check_text(reason, what=str(rules.WHAT_REASON))
    previous = fetch_own_item(deed, root)
    about = changes.pop("about", previous.about)
    item = Item(**content_of(previous) | {"correction_reason": reason} | changes)
    item.about, item.happened_at = list(about), previous.happened_at  # type: ignore[call-overload]  # ids, from either side
    keep_version(
        deed,
        item,
        previous=previous,
        action="item.corrected",
        entry_text=item.text,
        entry_codes={"corrected": "yes", "retraction": item.retraction},
    )
    tell_of_correction(deed, item, previous=previous)
    return item


def fetch_own_item(deed: Deed, root: uuid.UUID) -> Item:
    """An item of one's own agency that still stands in the case. Raises `NotVisible`, `NotPermitted`, `Retracted`."""
    item = _own(fetch_record(worker=deed.worker, model=Item, case=deed.case, root=root), deed.worker)
    if item.retraction == Item.Retraction.WRONG_CASE:
        raise Retracted
    return item


def write_decision(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    decision: Decision,
    about: Iterable[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Decision:
    """Record what one's own authority decided; nobody decides for another (R-045)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    return keep_decision(deed, decision, about=about, happened_at=happened_at)


def keep_decision(deed: Deed, decision: Decision, *, about: Iterable[uuid.UUID], happened_at: datetime.datetime) -> Decision:
    """Keep a decision in a deed that has begun."""
    about = list(about)
    rules.check_text(decision.text, what=_("hvad der er besluttet og hvorfor"))
    rules.check_members(about, _known(deed))
    rules.check_notice(decision)
    return keep(
        deed,
        decision,
        action="decision.written",
        about=about,
        happened_at=happened_at,
        entry=Kind.DECISION,
        entry_codes={"kind": decision.kind, "legal_ref": decision.legal_ref},
        entry_text=decision.text,
        fact="decision",
        fact_codes={"kind": decision.kind},
    )


def raise_alarm(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    kind: str,
    text: str,
    about: Iterable[uuid.UUID],
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Alarm:
    """Raise an alarm such as a feared departure (R-065). It hands nothing to anybody by itself."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    about = list(about)
    rules.check_text(text, what=_("hvad der frygtes og hvorfor"))
    rules.check_members(about, _known(deed))
    return keep(
        deed,
        Alarm(kind=kind, text=text),
        action="alarm.raised",
        about=about,
        happened_at=happened_at,
        entry=Kind.ALARM,
        entry_codes={"kind": kind},
        entry_text=text,
        fact="alarm",
        fact_codes={"kind": kind},
    )


def end_alarm(
    *, worker: Worker, case_id: uuid.UUID, alarm: uuid.UUID, text: str, happened_at: datetime.datetime, now: datetime.datetime
) -> AlarmEnd:
    """Say how an alarm of one's own agency was resolved; whoever was told of it tells the owner what it knows."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    rules.check_text(text, what=_("hvordan alarmen blev afklaret"))
    raised = fetch_record(worker=worker, model=Alarm, case=deed.case, root=alarm)
    if raised.owner_id != worker.agency_id:
        raise AlarmOfAnother
    if AlarmEnd.objects.visible_to(worker).filter(matter=deed.case.matter_id, alarm=alarm).exists():
        raise RuleBroken(_("Alarmen er allerede afsluttet."))
    return keep(
        deed,
        AlarmEnd(alarm=raised.root, text=text),
        action="alarm.ended",
        about=raised.about,
        happened_at=happened_at,
        entry=Kind.ALARM_END,
        entry_codes={"kind": raised.kind},
        entry_text=text,
    )


def tick_point(*, worker: Worker, case_id: uuid.UUID, procedure: str, point: int, now: datetime.datetime) -> None:
    """Tick a point of the procedure that belongs to the case type (R-028). A second tick changes nothing."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    known = {one.id: len(one.checklist) for one in pack_of(worker).procedures}
    if not 0 <= point < known.get(procedure, 0):
        raise rules.NotAChoice
    ticked = ProcedureTick.objects.visible_to(worker).filter(matter=deed.case.matter_id, procedure=procedure, point=point)
    if not ticked.exists():
        keep(deed, ProcedureTick(procedure=procedure, point=point), action="procedure.ticked")


def add_task(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    assigned_to: Agency,
    text: str,
    due_at: datetime.datetime | None,
    now: datetime.datetime,
) -> Task:
    """A task for one's own agency with a text, or for another agency with a fixed word only."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now)
    rules.check_members([assigned_to.id], [agency.id for agency in admitted_agencies(worker, deed.case)])
    is_own = assigned_to.id == worker.agency_id
    if text.strip() and not is_own:
        raise TextForOthers
    if is_own:
        rules.check_text(text, what=_("hvad der skal gøres"))
    if due_at is not None and due_at <= now:
        raise RuleBroken(_("Fristen skal ligge i fremtiden."))
    return tell(deed, Task.Kind.DO if is_own else Task.Kind.CONTACT, assigned_to.id, text=text, due_at=due_at)


def complete_task(*, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, now: datetime.datetime) -> None:
    """Mark a task of one's own agency as done, or confirm that a notice was read. The work of a step is done by the step's
    own move, a request's by its answer. The alarm of an emergency opening is not for who set it off (`OwnAlarm`)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    waiting = Task.objects.visible_to(worker).filter(matter=deed.case.matter_id, assigned_to=worker.agency_id, done_at=None)
    task = waiting.filter(root=root).first()
    if task is None or task.is_done_elsewhere:
        raise NotVisible
    if task.kind == Task.Kind.BREAK_GLASS and task.author_id == worker.id:
        raise rules.OwnAlarm
    waiting.filter(root=root).update(done_at=now, done_by=worker.id)
    about = [task.concerns] if task.concerns else []
    note(deed, "notice.read" if task.is_notice else "task.done", records=[root, *about], codes={"kind": task.kind})


def _known(deed: Deed) -> set[uuid.UUID]:
    return {person.root for person in participants_of(deed.worker, deed.case)}


def _own(record: AnyRecord, worker: Worker) -> AnyRecord:
    if record.owner_id != worker.agency_id:
        raise NotPermitted(_("Kun den myndighed, der ejer oplysningen, kan rette den. Kontakt den myndighed."))
    return record


_NOT_CONTENT = {
    "id",
    "matter",
    "owner",
    "readers",
    "about",
    "author",
    "root",
    "version",
    "is_current",
    "happened_at",
    "recorded_at",
    "key_id",
}


def content_of(row: Record) -> dict[str, object]:
    """The fields that say something, without those that say whose and when."""
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in _NOT_CONTENT}


def _check_birth(born_on: str, now: datetime.datetime) -> None:
    today = timezone.localdate(now)
    try:
        born = datetime.date.fromisoformat(born_on)
    except ValueError:
        raise BirthDateNotPossible from None
    if not today - datetime.timedelta(days=120 * 366) < born <= today:
        raise BirthDateNotPossible
