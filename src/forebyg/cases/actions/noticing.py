"""What a family answered to a notice (R-231). The notice itself is a decision, with its legal ground."""

from __future__ import annotations

import datetime
import uuid

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import begin, keep
from forebyg.cases.models import Decision, NoticeAnswer, TimelineEntry
from forebyg.cases.queries import fetch_record, participants_of
from forebyg.core.errors import RuleBroken


class NotOurNotice(RuleBroken):
    """Only the agency that gave a notice records what was answered, and only a notice is answered."""

    code = "not-our-notice"

    def __init__(self) -> None:
        super().__init__(_("Svaret registreres hos den myndighed, der gav indskærpelsen. Vælg en af jeres egne indskærpelser."))


def answer_notice(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    notice: uuid.UUID,
    answered_by: uuid.UUID,
    text: str,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> NoticeAnswer:
    """Record what one of the family answered; each answer is a row. Raises `NotOurNotice`, `NotInThisCase`, `TextMissing`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    given = fetch_record(worker=worker, model=Decision, case=deed.case, root=notice)
    check_ours(worker, given)
    rules.check_members([answered_by], [person.root for person in participants_of(worker, deed.case)])
    rules.check_text(text, what=_("hvad familien svarede"))
    return keep(
        deed,
        NoticeAnswer(notice=given.root, answered_by=answered_by, text=text),
        action="notice.answered",
        about=given.about,
        happened_at=happened_at,
        entry=TimelineEntry.Kind.NOTICE_ANSWER,
        entry_text=text,
        fact="notice-answer",
    )


def check_ours(worker: Worker, decision: Decision) -> None:
    """Raise `NotOurNotice` unless the decision is a notice of the worker's own agency."""
    if decision.kind != Decision.Kind.NOTICE or decision.owner_id != worker.agency_id:
        raise NotOurNotice
