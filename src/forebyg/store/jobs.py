"""The job queue's own upkeep."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="store.give_back_stalled_jobs", queueing_lock="store.give_back_stalled_jobs", pass_context=True)
async def give_back_stalled_jobs(context: JobContext, timestamp: int) -> int:
    """Put back what a worker was doing when it was killed; it had 30 s to show a sign of life. Returns how many.

    Every job may run twice without harm.
    """
    jobs = list(await context.app.job_manager.get_stalled_jobs())
    for job in jobs:
        await context.app.job_manager.retry_job(job)
    return len(jobs)
