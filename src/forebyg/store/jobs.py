"""The job that rescues others: what a killed worker left half done is done again (every job may run twice without harm)."""

from __future__ import annotations

import datetime
import logging

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

SILENT_FOR = datetime.timedelta(seconds=30)
"""A living worker gives a sign every ten seconds."""
_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="store.rescue_stalled_jobs", queueing_lock="store.rescue_stalled_jobs", pass_context=False)
def rescue_stalled_jobs(timestamp: int) -> int:
    """Let the jobs of dead workers begin anew, and close those whose successor already waits. Returns how many."""
    long_ago = timezone.now() - SILENT_FOR
    stalled = ProcrastinateJob.objects.filter(Q(worker=None) | Q(worker__last_heartbeat__lt=long_ago), status="doing")
    found = list(stalled.values_list("id", "queueing_lock"))
    for job_id, lock in found:
        with transaction.atomic():
            waits_already = lock and ProcrastinateJob.objects.filter(queueing_lock=lock, status="todo").exists()
            if waits_already:
                _close(job_id)
            else:
                app.job_manager.retry_job_by_id(job_id, retry_at=timezone.now())
    if found:
        _log.warning("jobs of a worker that is gone begin anew (jobs=%s)", len(found))
    return len(found)


def _close(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job_id])
