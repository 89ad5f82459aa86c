"""Drafts of forms: what was typed and not sent is kept on the server, sealed, for that worker only."""

from __future__ import annotations

import datetime
import json
import uuid

from django.http import QueryDict

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.models import Draft
from forebyg.store.sealed import open_sealed

LONGEST_DRAFT = 200_000
"""Characters of a whole form."""
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "token", "seen", "target", "kladde"})


def save_draft(*, worker: Worker, form: str, matter_id: uuid.UUID | None, data: QueryDict, now: datetime.datetime) -> None:
    """Keep what stands in the form, in place of what was kept before. Raises `TextTooLong`."""
    content = json.dumps({name: data.getlist(name) for name in data if name not in _NOT_KEPT})
    if len(content) > LONGEST_DRAFT:
        raise rules.TextTooLong(len(content), LONGEST_DRAFT)
    drop_draft(worker=worker, form=form, matter_id=matter_id)
    Draft(worker=worker, form=form, matter_id=matter_id, content=content, saved_at=now).save(force_insert=True)


def read_draft(
    *, worker: Worker, form: str, matter_id: uuid.UUID | None
) -> tuple[dict[str, list[str]], datetime.datetime] | None:
    """What was kept, by field, and when; None when there is no draft."""
    draft = Draft.objects.filter(worker=worker, form=form, matter_id=matter_id).first()
    if draft is None:
        return None
    open_sealed([draft])
    return (json.loads(draft.content) if draft.content else {}), draft.saved_at


def drop_draft(*, worker: Worker, form: str, matter_id: uuid.UUID | None) -> None:
    """Forget the draft: its form was sent."""
    Draft.objects.filter(worker=worker, form=form, matter_id=matter_id).delete()
