"""Jobs of oversight. They run as the role `forebyg_worker`, which can do nothing but call the named functions."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from forebyg.access.jobs import send_notice
from forebyg.access.notices import Notice


@app.periodic(cron="23 6 * * *")
@app.task(name="oversight.remind_of_late_reviews", queueing_lock="oversight.remind_of_late_reviews", pass_context=False)
def remind_of_late_reviews(timestamp: int) -> int:
    """Mail the overseers of broken glass that nobody reviewed in time, once a week until somebody does (B-025). The mail names
    no case and nobody. Returns how many were told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oversight_late_reviews()")
        tell = cursor.fetchone()[0]
    for worker in tell:
        send_notice.defer(worker_id=str(worker), notice=Notice.GLASS_UNREVIEWED.value, language=settings.LANGUAGE_CODE)
    return len(tell)
