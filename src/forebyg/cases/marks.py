"""What information carries from where it came: that it is not for investigation, the forum that it belongs to, and what it was told
for."""

from __future__ import annotations

import json
import uuid

from forebyg.access.models import Worker
from forebyg.access.records import seen_in_matter
from forebyg.cases.finding import PREVENTION
from forebyg.cases.models import Case
from forebyg.store.together import Question

FOR = "purpose:"
"""Begins the mark of what information was told for."""

Marks = dict[uuid.UUID, tuple[str, ...]]


def asked_marks(worker: Worker, case: Case) -> Question[Marks]:
    """The marks of what the worker may see in a case, by root: of the forum that the owner wrote it under, and of the findings
    under which it was disclosed to the worker's agency, with the purpose of each (R-082, R-215, A-11)."""
    seen, given = seen_in_matter(worker, case.matter_id)
    items, documents = (
        f"""
        SELECT root, CASE WHEN forum IN ('ssp', 'psp', 'ksp') THEN jsonb_build_array('not-for-investigation', 'forum:' || forum)
                          ELSE '["not-for-investigation"]'::jsonb END
          FROM {table} WHERE {seen} AND not_for_investigation"""  # noqa: S608
        for table in ("cases_item", "cases_document")
    )
    sql = f"""{items} UNION ALL {documents} UNION ALL
        SELECT record_root, (finding -> 'marks') || jsonb_build_array('purpose:' || coalesce(finding ->> 'purpose', %s))
          FROM cases_disclosure WHERE {seen} AND recipient_id = %s AND withdrawn_at IS NULL"""  # noqa: S608

    def read(rows: list[tuple[uuid.UUID, str]]) -> Marks:
        marks: dict[uuid.UUID, dict[str, None]] = {}
        for root, found in rows:
            marks.setdefault(root, {}).update(dict.fromkeys(json.loads(found)))
        return {root: tuple(found) for root, found in marks.items()}

    return Question(sql, [*given, *given, PREVENTION, *given, worker.agency_id], read)
