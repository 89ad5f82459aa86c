"""Jobs of cases. They run as the role `forebyg_worker`, which can do nothing but call the named functions; each may run
twice without harm."""

from __future__ import annotations

import datetime
import uuid

from django.db import connection, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from forebyg.cases.digests import mail_digest
from forebyg.people.age import ComingOfAge, coming_of_age
from forebyg.people.models import Participant
from forebyg.people.participants import birth_date
from forebyg.store.sealed import Sealed, open_sealed


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


@app.periodic(cron="27 4 * * *")
@app.task(name="cases.start_duties_to_tell", queueing_lock="cases.start_duties_to_tell", pass_context=False)
def start_duties_to_tell(timestamp: int) -> int:
    """Start the clock of the duty to tell a person that information is kept, for whoever was recorded of late (B-004). Returns how
    many."""
    return _call("cases_start_duties_to_tell")


@app.periodic(cron="31 4 * * *")
@app.task(name="cases.send_digests", queueing_lock="cases.send_digests", pass_context=False)
def send_digests(timestamp: int) -> int:
    """Hand over a mail for each digest that is due and has something to tell (B-012). That they are taken and that the mails
    are handed over is one transaction. Returns how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT who, said_in, overdue, soon FROM cases_take_digests()")
            due = [row for row in cursor.fetchall() if row[2] or row[3]]
        for worker, language, overdue, soon in due:
            send_digest.defer(worker_id=str(worker), language=language, overdue=overdue, soon=soon)
    return len(due)


@app.task(name="cases.send_digest", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_digest(worker_id: str, language: str, overdue: int, soon: int) -> None:
    """Mail one; tried again for some hours while the mail server is away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.address_for_notice(%s)", [worker_id])
        (address,) = cursor.fetchone()
    if address is not None:
        mail_digest(address, overdue=overdue, soon=soon, language=language)


@app.periodic(cron="7 5 * * *")
@app.task(name="cases.notice_who_turns_18", queueing_lock="cases.notice_who_turns_18", pass_context=False)
def notice_who_turns_18(timestamp: int) -> int:
    """Give the agency that recorded a person a task a month before the person turns 18, and on the day: once each, in cases
    that go on (R-053, R-223). Dates of birth are sealed, so they are opened here, and nothing else is. Returns how many."""
    people, today = _births()
    open_sealed(people)
    due: dict[ComingOfAge, list[uuid.UUID]] = {kind: [] for kind in ComingOfAge}
    for person in people:
        born = birth_date(person)
        kind = coming_of_age(born, today) if born else None
        if kind is not None:
            due[kind].append(person.root)
    return sum(_call("cases_notice_birthday", kind.value, roots) for kind, roots in due.items() if roots)


def _births() -> tuple[list[Participant], datetime.date]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, root, key_id, born_on FROM cases_births()")
        people = [
            Participant(id=id, root=root, key_id=key_id, born_on=Sealed(born_on))
            for id, root, key_id, born_on in cursor.fetchall()
        ]
        cursor.execute("SELECT store.now()")
        return people, timezone.localdate(cursor.fetchone()[0])


def _call(function: str, *arguments: object) -> int:
    with connection.cursor() as cursor:
        cursor.callproc(function, arguments)
        number: int = cursor.fetchone()[0]
    return number
