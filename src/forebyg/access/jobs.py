"""Jobs of access. They run as the role `forebyg_worker`, which can do nothing but call the named functions."""

from __future__ import annotations

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from forebyg.access.notices import Notice, mail_notice


@app.task(name="access.send_notice", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_notice(worker_id: str, notice: str, language: str) -> None:
    """Mail a worker about the own account; tried again for some hours while the mail server is away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.address_for_notice(%s)", [worker_id])
        (address,) = cursor.fetchone()
    if address is not None:
        mail_notice(address, Notice(notice), language)
