"""Jobs of cases. They run as the role `forebyg_worker`, which can do nothing but call the named functions; each may run
twice without harm."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="cases.escalate_overdue_clocks", queueing_lock="cases.escalate_overdue_clocks", pass_context=False)
def escalate_overdue_clocks(timestamp: int) -> int:
    """Give the agency of each clock that ran out a task to act or explain. Returns how many."""
    return _call("cases_escalate_overdue")


@app.periodic(cron="17 3 * * *")
@app.task(name="cases.forget_old_forms", queueing_lock="cases.forget_old_forms", pass_context=False)
def forget_old_forms(timestamp: int) -> int:
    """Forget drafts and form tokens older than 30 days. Returns how many."""
    return _call("cases_forget_old_forms")


def _call(function: str) -> int:
    with connection.cursor() as cursor:
        cursor.callproc(function)
        number: int = cursor.fetchone()[0]
    return number
