"""Whether a person was told that information is kept, why not, and until when (B-004)."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep
from forebyg.cases.actions.triage import stop
from forebyg.cases.models import Clock, Task
from forebyg.cases.queries import fetch_record
from forebyg.core.errors import RuleBroken
from forebyg.people.models import Information, Participant

LONGEST_DAYS = 365
"""A person is not kept in the dark for longer without a new decision."""


class EndOfSilenceMissing(RuleBroken):
    """Who is not told, is not told until a day that is set, for a reason that is named."""

    code = "end-of-silence-missing"

    def __init__(self) -> None:
        super().__init__(
            _("Når personen ikke er orienteret, så vælg hvorfor, og vælg en dag inden for et år, hvor I tager stilling igen.")
        )


def record_information(
    *, worker: Worker, case_id: uuid.UUID, information: Information, happened_at: datetime.datetime, now: datetime.datetime
) -> Information:
    """Record that one's own agency told a person, or did not, why, and until when; then a task waits on that day, and nothing
    but a new decision ends it. The duty's clock stops. Raises `EndOfSilenceMissing`, `TextMissing`, `NotVisible`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    person = fetch_record(worker=worker, model=Participant, case=deed.case, root=information.person)
    if information.state == Information.State.NOT_TOLD:
        _check_silence(information, now)
        rules.check_text(information.text, what=_("hvorfor personen ikke er orienteret"))
    else:
        information.why, information.until = "", None
        rules.check_text(information.text, what=_("hvordan personen er orienteret"))
    codes = {"state": information.state, "why": information.why}
    kept = keep(
        deed,
        information,
        action="information.recorded",
        about=[person.root],
        happened_at=happened_at,
        fact="information",
        fact_codes=codes,
    )
    _end_what_waited(deed, person)
    if information.until is not None:
        _remind(deed, person, information.until)
    return kept


def _check_silence(information: Information, now: datetime.datetime) -> None:
    today = timezone.localdate(now)
    is_in_time = information.until is not None and today < information.until <= today + datetime.timedelta(days=LONGEST_DAYS)
    if not is_in_time or information.why not in Information.Why.values:
        raise EndOfSilenceMissing


def _end_what_waited(deed: Deed, person: Participant) -> None:
    """The clock of the duty, and the task to decide anew, where there are any of the own agency's."""
    own = {"matter": deed.case.matter_id, "owner": deed.worker.agency_id, "concerns": person.root}
    for clock in Clock.objects.visible_to(deed.worker).filter(**own, rule=Clock.Rule.INFORM, stopped_at=None):
        stop(deed, clock)
    tasks = Task.objects.visible_to(deed.worker).filter(**own, kind=Task.Kind.INFORM_ANEW, done_at=None)
    tasks.update(done_at=deed.now, done_by=deed.worker.id)


def _remind(deed: Deed, person: Participant, until: datetime.date) -> None:
    due_at = timezone.make_aware(datetime.datetime.combine(until, datetime.time(12)))
    task = Task(kind=Task.Kind.INFORM_ANEW, assigned_to_id=deed.worker.agency_id, text="", due_at=due_at, concerns=person.root)
    keep(deed, task, action="task.added", about=[person.root])
