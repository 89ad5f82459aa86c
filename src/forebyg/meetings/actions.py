"""Taking a case up at a unit meeting, and the minutes of it. Who attends, and who gets the minutes, is asked of the law first."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forebyg.access.models import Agency, Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules as case_rules
from forebyg.cases.actions.disclosing import keep_disclosure
from forebyg.cases.actions.keeping import Deed, begin, keep, keep_version
from forebyg.cases.actions.moving import whose_turn
from forebyg.cases.actions.telling import tell_of_correction
from forebyg.cases.finding import Terms, as_kept
from forebyg.cases.models import TimelineEntry
from forebyg.cases.queries import admitted_agencies, fetch_record, participants_of, require
from forebyg.cases.states import Step
from forebyg.cases.wording import listed
from forebyg.law import Finding
from forebyg.law.words import COOPERATIONS, FORUMS
from forebyg.meetings import rules
from forebyg.meetings.models import AgendaItem, Minutes
from forebyg.sharing.gate import finding_for, finding_to_name
from forebyg.sharing.wording import FORUM


def set_on_agenda(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    meets_at: datetime.datetime,
    forum: str,
    attending: Iterable[uuid.UUID],
    now: datetime.datetime,
) -> AgendaItem:
    """Take the case up at a meeting, in one forum, with these agencies beside one's own (R-043).

    Raises `NotInForum` with the law's reason, `MayNotAttend`, `NotInThisCase` for an agency that is not admitted,
    `MeetingTooFar`, `NotAChoice`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.BRING_TO_UNIT, now=now)
    case_rules.check_choice(forum, FORUMS)
    rules.check_meets_at(meets_at, now=now)
    admitted = {one.id: one for one in admitted_agencies(worker, deed.case)}
    wanted = {*attending, worker.agency_id}
    case_rules.check_members(wanted, admitted)
    agencies = [one for one in admitted.values() if one.id in wanted]
    findings = {one.id: _finding_on(deed, one, forum) for one in agencies if one.id != worker.agency_id}
    _check_forum(forum, agencies, findings)
    for one in agencies:
        if one.id in findings and not findings[one.id].is_allowed:
            raise rules.MayNotAttend(one.name, _sentence(findings[one.id]))
    return keep(
        deed,
        AgendaItem(
            forum=forum,
            meets_at=meets_at,
            attending=[worker.agency_id, *findings],
            findings={str(agency): as_kept(finding, purpose=Terms().purpose) for agency, finding in findings.items()},
        ),
        action="agenda.item-set",
        entry=TimelineEntry.Kind.AGENDA_ITEM,
        entry_codes={"forum": forum},
        fact="agenda-item",
        fact_codes={"forum": forum},
    )


@dataclass(frozen=True)
class Written:
    """Minutes that were kept, and the agencies that took part but may not have them, with the law's sentence."""

    minutes: Minutes
    held_back: list[tuple[str, str]]


def write_minutes(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    item: uuid.UUID,
    text: str,
    about: Iterable[uuid.UUID],
    taking_part: Iterable[uuid.UUID],
    necessity: str,
    now: datetime.datetime,
) -> Written:
    """Write the minutes of an item and give them to the agencies that took part in it, each through the gate, in the item's
    forum (R-048). Whom the law does not let have them is held back.

    Raises `NotVisible` to whoever does not attend, `NotTheMinuteTaker`, `MeetingNotHeld`, `NotAttending`, `AlreadyWritten`.
    """
    deed = begin(worker=worker, case_id=case_id, permission=Permission.RECORD_DISCUSSION, now=now, also_ended=True)
    require(worker, Permission.DISCLOSE)
    on_agenda = fetch_record(worker=worker, model=AgendaItem, case=deed.case, root=item)
    _check_minute_taker(deed)
    case_rules.check_text(text, what=_("hvad drøftelsen førte til"))
    case_rules.check_text(necessity, what=_("hvorfor det er nødvendigt, at deltagerne får referatet"))
    about, present = list(about), list(dict.fromkeys(taking_part))
    case_rules.check_members(about, [person.root for person in participants_of(worker, deed.case)])
    rules.check_held(on_agenda.meets_at, now=now)
    rules.check_took_part(present, attending=on_agenda.attending, own=worker.agency_id)
    if Minutes.objects.visible_to(worker).filter(item=on_agenda.root).exists():
        raise rules.AlreadyWritten
    kept = keep(
        deed,
        Minutes(
            item=on_agenda.root,
            forum=on_agenda.forum,
            taking_part=present,
            not_for_investigation=on_agenda.forum in COOPERATIONS,
            text=text,
            correction_reason="",
        ),
        action="minutes.written",
        about=about,
        happened_at=on_agenda.meets_at,
        entry=TimelineEntry.Kind.MINUTES,
        entry_codes={"forum": on_agenda.forum},
        fact="minutes",
        fact_codes={"forum": on_agenda.forum},
    )
    return Written(kept, _hand_out(deed, kept, necessity))


def correct_minutes(
    *, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, text: str, reason: str, now: datetime.datetime
) -> Minutes:
    """A new version with the reason; whoever got the minutes is told to read them again. Raises `NotTheOwner`'s kin."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.CORRECT, now=now, also_ended=True)
    previous = fetch_record(worker=worker, model=Minutes, case=deed.case, root=root)
    _check_owner(deed, previous)
    case_rules.check_text(text, what=_("hvad drøftelsen førte til"))
    case_rules.check_text(reason, what=str(case_rules.WHAT_REASON))
    renewed = Minutes(
        item=previous.item,
        forum=previous.forum,
        taking_part=previous.taking_part,
        not_for_investigation=previous.not_for_investigation,
        text=text,
        correction_reason=reason,
        about=previous.about,
        happened_at=previous.happened_at,
    )
    kept = keep_version(
        deed, renewed, previous=previous, action="minutes.corrected", entry_text="", entry_codes={"corrected": "yes"}
    )
    tell_of_correction(deed, kept, previous=previous)
    return kept


def _hand_out(deed: Deed, minutes: Minutes, necessity: str) -> list[tuple[str, str]]:
    held_back = []
    others = [one for one in minutes.taking_part if one != deed.worker.agency_id]
    for agency in Agency.objects.filter(id__in=others).order_by("name"):
        finding = finding_for(
            worker=deed.worker,
            case=deed.case,
            records=[(minutes._meta.db_table, minutes.root)],
            to_agency=agency.id,
            terms=Terms(forum=minutes.forum),
            now=deed.now,
        )
        if finding.is_allowed:
            keep_disclosure(deed, minutes, recipient_id=agency.id, finding=finding, necessity=necessity)
        else:
            held_back.append((agency.name, _sentence(finding)))
    return held_back


def _finding_on(deed: Deed, agency: Agency, forum: str) -> Finding:
    """Whoever attends is told that the case is about its subjects."""
    return finding_to_name(
        worker=deed.worker, case=deed.case, persons=(), to_agency=agency.id, terms=Terms(forum=forum), now=deed.now
    )


def _check_forum(forum: str, agencies: list[Agency], findings: dict[uuid.UUID, Finding]) -> None:
    strangers = rules.outside(forum, agencies)
    if strangers:
        refusing = [one for one in map(findings.get, [one.id for one in strangers]) if one and not one.is_allowed]
        said = _sentence(refusing[0]) if refusing else ""
        raise rules.NotInForum(listed(one.name for one in strangers), str(FORUM[forum]), said)


def _check_minute_taker(deed: Deed) -> None:
    taker = whose_turn(deed, Step.DISCUSSION)
    if taker.id != deed.worker.agency_id:
        raise rules.NotTheMinuteTaker(taker.name)


def _check_owner(deed: Deed, minutes: Minutes) -> None:
    if minutes.owner_id != deed.worker.agency_id:
        raise rules.NotTheMinuteTaker(Agency.objects.get(id=minutes.owner_id).name)


def _sentence(finding: Finding) -> str:
    return finding.sentence.in_language(get_language() or "da")
