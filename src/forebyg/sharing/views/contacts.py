"""Contacts to parents, on the case's tab of what is told."""

from __future__ import annotations

from typing import Any

from forebyg.cases.page import CasePage
from forebyg.cases.queries import records_of
from forebyg.sharing.models import ParentContact


def contacts(page: CasePage) -> dict[str, Any]:
    """Those that the worker may see, the newest first; one query and one of the keys."""
    found = records_of(page.worker, page.case, ParentContact)[::-1]
    page.know(found)
    return {"contacts": found, "records": [one.root for one in found]}
