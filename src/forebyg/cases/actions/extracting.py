"""An extract: what an item says of some of those whom it is about, without the others, so that it can be told (R-221)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import begin, note
from forebyg.cases.actions.noting import content_of, fetch_own_item, keep_item
from forebyg.cases.models import Item
from forebyg.cases.third_persons import NamesOthers, name_of, third_persons


def write_extract(
    *, worker: Worker, case_id: uuid.UUID, root: uuid.UUID, about: Iterable[uuid.UUID], text: str, now: datetime.datetime
) -> Item:
    """An item of one's own agency, in other words and about fewer: kind, source, forum, marks and moment stay the item's. The item
    itself stays as it is. Raises `NotInThisCase`, `TextMissing`, and `NamesOthers` when the extract still identifies somebody else."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.WRITE_RECORD, now=now, also_ended=True)
    item = fetch_own_item(deed, root)
    about = list(about)
    if not about:
        raise rules.NotInThisCase
    extract = Item(**content_of(item) | {"text": text, "correction_reason": "", "retraction": ""})
    if third_persons(worker, deed.case, but=about).are_named_in([text]):
        raise NamesOthers(name_of(item))
    keep_item(deed, extract, about=about, happened_at=item.happened_at)
    note(deed, "item.extracted", records=[extract.root, item.root])
    return extract
