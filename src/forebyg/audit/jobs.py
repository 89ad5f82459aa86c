"""The ledger's alarm. It runs with the other jobs, apart from the sealer, so that it also tells of one that is gone."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from forebyg.audit.state import seal_state

_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="audit.warn_of_late_seal", queueing_lock="audit.warn_of_late_seal", pass_context=False)
def warn_of_late_seal(timestamp: int) -> bool:
    """Warn in the log when an event has waited for its seal for more than a minute. Returns whether it did."""
    state = seal_state()
    if state.is_late:
        _log.warning(
            "the ledger's seal is late: look at `forebyg seal` (unsealed=%s waited_seconds=%s)",
            state.unsealed,
            round(state.waited.total_seconds()),
        )
    return state.is_late
