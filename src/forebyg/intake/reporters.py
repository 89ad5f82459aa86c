"""Who reported, for the one use that shows it to nobody: to see that what is told to others does not name them (R-221, B-003)."""

from __future__ import annotations

from forebyg.access.models import Worker
from forebyg.cases.models import Case
from forebyg.cases.queries import records_of
from forebyg.intake.models import ReporterIdentity


def names_of_reporters(worker: Worker, case: Case) -> list[str]:
    """The names that the worker's own agency keeps sealed. They are compared and forgotten: never shown, logged or given out."""
    return [one.name for one in records_of(worker, case, ReporterIdentity) if one.name]
