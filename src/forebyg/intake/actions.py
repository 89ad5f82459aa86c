"""Taking in a concern: the first record of a matter."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, keep
from forebyg.cases.actions.moving import begin_move, make_move
from forebyg.cases.actions.noting import keep_item, keep_participant
from forebyg.cases.actions.opening import open_case
from forebyg.cases.models import Case, Item, TimelineEntry
from forebyg.cases.queries import admitted_agencies, require
from forebyg.cases.states import MOVES
from forebyg.core.errors import NotPermitted, RuleBroken
from forebyg.intake.models import Concern, ReporterIdentity
from forebyg.people.models import Participant
from forebyg.strategy.queries import pack_of


@dataclass(frozen=True)
class Reporter:
    """Who reports: the category always, the name only when the reporter gives it (R-009)."""

    category: str
    name: str = ""
    contact: str = ""


class ChannelUnknown(RuleBroken):
    """A channel that the pack does not have."""

    code = "channel-unknown"

    def __init__(self) -> None:
        super().__init__(_("Vælg en af indgangene på listen."))


def note_concern(
    *,
    worker: Worker,
    channel: str,
    reporter: Reporter,
    people: Iterable[Participant],
    observation: Item,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> Case:
    """Note a concern that has arisen (step 1), also when it surfaced in another matter (R-005): a new matter with its
    persons and what was observed. At least one person; the observation is about all subjects, or all when there is none."""
    require(worker, Permission.TAKE_IN_CONCERN)
    people = list(people)
    if not people:
        raise RuleBroken(_("Tilføj mindst én person, som bekymringen handler om eller berører."))
    if channel not in {one.id for one in pack_of(worker).channels}:
        raise ChannelUnknown
    deed = open_case(worker=worker, permission=Permission.TAKE_IN_CONCERN, happened_at=happened_at, now=now)
    for person in people:
        keep_participant(deed, person)
    subjects = [person.root for person in people if person.is_subject]
    _keep_concern(deed, channel=channel, reporter=reporter, about=subjects, happened_at=happened_at)
    keep_item(deed, observation, about=subjects or [person.root for person in people], happened_at=happened_at)
    return deed.case


def receive_concern(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    reported_by: Iterable[uuid.UUID] = (),
    received_at: datetime.datetime,
    now: datetime.datetime,
) -> Case:
    """One of the entry points takes in the concern, to the minute (R-002, R-008): step 2."""
    move = MOVES["receive"]
    deed = begin_move(worker=worker, case_id=case_id, move=move, now=now)
    if not worker.agency.is_entry_point:
        raise NotPermitted(_("Bekymringer modtages af VINK, SSP eller DKS. Optag en af dem i sagen."))
    reported_by = list(reported_by)
    rules.check_members(reported_by, [agency.id for agency in admitted_agencies(worker, deed.case)])
    earlier = Concern.objects.visible_to(worker).filter(matter=deed.case.matter_id).first()
    _keep_received(deed, earlier, reported_by=reported_by, received_at=received_at)
    if deed.case.lead_id != worker.agency_id:
        Case.objects.filter(id=deed.case.id).update(lead_id=worker.agency_id)
        deed.case.lead_id = worker.agency_id
    make_move(deed, move, at=received_at)
    return deed.case


def register_concern(
    *,
    worker: Worker,
    channel: str,
    reporter: Reporter,
    people: Iterable[Participant],
    observation: Item,
    received_at: datetime.datetime,
    now: datetime.datetime,
) -> Case:
    """A concern that reaches an entry point directly: noted and received in one."""
    case = note_concern(
        worker=worker,
        channel=channel,
        reporter=reporter,
        people=people,
        observation=observation,
        happened_at=received_at,
        now=now,
    )
    return receive_concern(worker=worker, case_id=case.id, received_at=received_at, now=now)


def _keep_concern(
    deed: Deed, *, channel: str, reporter: Reporter, about: list[uuid.UUID], happened_at: datetime.datetime
) -> None:
    concern = keep(
        deed,
        Concern(channel=channel, reporter=reporter.category),
        action="concern.noted",
        about=about,
        happened_at=happened_at,
        entry=TimelineEntry.Kind.CONCERN,
        entry_codes={"channel": channel, "reporter": reporter.category},
        fact="concern-noted",
        fact_codes={"channel": channel, "reporter": reporter.category},
    )
    if reporter.name or reporter.contact:
        keep(
            deed,
            ReporterIdentity(concern=concern.root, name=reporter.name, contact=reporter.contact),
            action="reporter.recorded",
            happened_at=happened_at,
        )


def _keep_received(
    deed: Deed, earlier: Concern | None, *, reported_by: list[uuid.UUID], received_at: datetime.datetime
) -> None:
    """The receipt is the receiving agency's own record, whoever noted the concern first."""
    keep(
        deed,
        Concern(
            channel=earlier.channel if earlier else "",
            reporter=earlier.reporter if earlier else Concern.Reporter.OTHER,
            reported_by=reported_by,
            received_at=received_at.replace(second=0, microsecond=0),
        ),
        action="concern.received",
        about=earlier.about if earlier else [],
        happened_at=received_at,
        entry=TimelineEntry.Kind.CONCERN,
        entry_codes={"received": "yes"},
        fact="concern-received",
        fact_codes={"entry_point": deed.worker.agency.actor, "channel": earlier.channel if earlier else ""},
    )
