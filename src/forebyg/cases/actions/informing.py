"""Whether a person was told that information is kept, why not, and until when (B-004)."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import Deed, begin, keep
from forebyg.cases.models import Task
from forebyg.cases.queries import fetch_record
from forebyg.core.errors import RuleBroken
from forebyg.people.models import Information, Participant

LONGEST_DAYS = 365
"""A person is not kept in the dark for longer without a new decision."""

_ANEW = gettext_noop("Tag på ny stilling til, om personen kan orienteres om, at I har oplysninger.")
"""Kept in the case, so in Danish whoever acts."""


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
    """Record that one's own agency told a person, or did not, why, and until when; then a task waits on that day. Raises
    `EndOfSilenceMissing`, `TextMissing`, `NotVisible`."""
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
    if information.until is not None:
        _remind(deed, person, information.until)
    return kept


def _check_silence(information: Information, now: datetime.datetime) -> None:
    today = timezone.localdate(now)
    is_in_time = information.until is not None and today < information.until <= today + datetime.timedelta(days=LONGEST_DAYS)
    if not is_in_time or information.why not in Information.Why.values:
        raise EndOfSilenceMissing


def _remind(deed: Deed, person: Participant, until: datetime.date) -> None:
    due_at = timezone.make_aware(datetime.datetime.combine(until, datetime.time(12)))
    task = Task(kind=Task.Kind.DO, assigned_to_id=deed.worker.agency_id, text=_ANEW, due_at=due_at)
    keep(deed, task, action="task.added", about=[person.root])
