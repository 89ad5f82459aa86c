"""What may be used at an item of the agenda: information of one's own, and what came under the item's own forum (R-043, A-11)."""

from __future__ import annotations

import uuid

from forebyg.access.models import Worker
from forebyg.cases.models import Case, Disclosure, Document, Item
from forebyg.law.words import COOPERATIONS
from forebyg.meetings.models import Minutes

_CARRY_A_FORUM = (Item, Document, Minutes)


def of_other_forums(worker: Worker, case: Case, forum: str) -> set[uuid.UUID]:
    """The roots of the records that the worker sees and that belong to another cooperation than `forum`: by what they came
    under, or by what they were told in."""
    others = [one for one in COOPERATIONS if one != forum]
    barred: set[uuid.UUID] = set()
    for model in _CARRY_A_FORUM:
        rows = model.objects.visible_to(worker).filter(matter=case.matter_id, forum__in=others)
        barred |= set(rows.values_list("root", flat=True))
    told = Disclosure.objects.visible_to(worker).filter(
        matter=case.matter_id, recipient=worker.agency_id, withdrawn_at=None, finding__forum__in=others
    )
    return barred | set(told.values_list("record_root", flat=True))
