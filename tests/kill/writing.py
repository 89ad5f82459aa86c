"""One writer: adds pieces of information to a case of its own and notes each that was acknowledged.

python -m tests.kill.writing NUMBER KIND LOG: writes until its standard input is closed. KIND is `http` (the form is posted to
the web process, signed in by a session) or `action` (the same action in this process, as forebyg_web). A write whose answer was
lost is sent again with the same token until it is acknowledged; then its mark goes to LOG.
"""

from __future__ import annotations

import dataclasses
import http.client
import os
import re
import secrets
import select
import sys
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.db import Error, connection, transaction

RETRY_AFTER = 0.05  # seconds
_ERROR = re.compile(r'(?s)class="[^"]*error[^"]*".{0,300}')
_PATIENCE = 10  # seconds for an answer


@dataclasses.dataclass(frozen=True)
class Desk:
    """Who writes, in which case, and about whom."""

    worker_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    about: uuid.UUID


def mark_of(writer: int, number: int) -> str:
    """The text of a write, by which it is found again."""
    return f"skrevet af {writer} som nummer {number}"


def desks() -> Iterator[Desk]:
    """Cases that a worker may write in, each once, always in the same order."""
    from forebyg.access.models import Worker
    from forebyg.cases.models import Case
    from forebyg.core.errors import ForebygError
    from forebyg.people.models import Participant
    from forebyg.store.identity import acting

    taken: set[uuid.UUID] = set()
    for worker in Worker.objects.order_by("email").prefetch_related("holdings"):
        with acting(worker.id):
            cases = list(Case.objects.select_related("matter").order_by("id"))
            people = dict(Participant.objects.filter(is_current=True).values_list("matter_id", "root"))
        for case in cases:
            if case.id in taken or case.matter_id not in people:
                continue
            desk = Desk(worker.id, case.id, case.matter.reference, people[case.matter_id])
            try:
                with transaction.atomic():
                    write_by_action(desk, "prøve", uuid.uuid4())
                    transaction.set_rollback(True)
            except ForebygError:
                continue
            taken.add(case.id)
            yield desk


def write_by_action(desk: Desk, text: str, token: uuid.UUID) -> None:
    """What the page does when its form is sent, without the page."""
    from forebyg.access.models import Worker
    from forebyg.cases.actions import noting
    from forebyg.cases.actions.keeping import use_form
    from forebyg.cases.models import Item
    from forebyg.cases.rules import AlreadyDone
    from forebyg.store.identity import acting

    try:
        with acting(desk.worker_id) as now:
            worker = Worker.objects.select_related("agency", "unit").get(id=desk.worker_id)
            use_form(worker=worker, token=token, now=now)
            item = Item(text=text, correction_reason="", **_CHOICES)
            noting.write_item(worker=worker, case_id=desk.case_id, item=item, about=[desk.about], happened_at=now, now=now)
    except AlreadyDone:
        return


_CHOICES = {"kind": "observation", "source": "own-work", "reliability": "first-hand", "weight": "neutral", "forum": "own"}


class Browser:
    """Posts the form as a browser would, over one connection at a time."""

    def __init__(self, desk: Desk) -> None:
        self._path = f"/sager/{desk.reference}/goer/oplysning/"
        self._about = str(desk.about)
        self._csrf = secrets.token_hex(16)
        self._cookies = f"forebyg={_session_of(desk.worker_id)}; csrftoken={self._csrf}"
        self._connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["FOREBYG_PORT"]), timeout=_PATIENCE)

    def write(self, text: str, token: uuid.UUID) -> bool:
        """Whether it was acknowledged. Raises `OSError` or `HTTPException` when no answer came."""
        moment = time.strftime("%Y-%m-%dT%H:%M", time.localtime(time.time() - 60))
        fields = {**_CHOICES, "about": self._about, "text": text, "happened_at": moment, "token": str(token)}
        fields["csrfmiddlewaretoken"] = self._csrf
        headers = {"Cookie": self._cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            self._connection.request("POST", self._path, urllib.parse.urlencode(fields), headers)
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        if answer.status not in (302, 500, 502, 503):
            raise SystemExit(f"{answer.status} {answer.headers.get('Location')} {_ERROR.findall(body.decode())}")
        if answer.status == 302 and not str(answer.headers["Location"]).startswith("/sager/"):
            raise SystemExit(f"led to {answer.headers['Location']} instead of the case")
        return answer.status == 302


def _session_of(worker_id: uuid.UUID) -> str:
    """The key of a new session in which the worker is signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from forebyg.access.models import Worker
    from forebyg.store.identity import acting

    with acting(worker_id):
        worker = Worker.objects.get(id=worker_id)
        session = SessionStore()
        session[SESSION_KEY] = str(worker.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = worker.get_session_auth_hash()
        session.create()
    return str(session.session_key)


def write_on(writer: int, write: Callable[[str, uuid.UUID], bool], log: Path) -> None:
    """Write one after another until standard input is closed; the last is written to its end."""
    with log.open("a", buffering=1) as acknowledged:
        number = 0
        while not select.select([sys.stdin], [], [], 0)[0]:
            token, text = uuid.uuid4(), mark_of(writer, number)
            while not _was_acknowledged(write, text, token):
                time.sleep(RETRY_AFTER)
            acknowledged.write(f"{text}\n")
            number += 1


def _was_acknowledged(write: Callable[[str, uuid.UUID], bool], text: str, token: uuid.UUID) -> bool:
    try:
        return write(text, token)
    except (OSError, http.client.HTTPException, Error):
        connection.close()
        return False


def main(writer: int, kind: str, log: Path) -> None:
    """Find this writer's desk and write there."""
    django.setup()
    found = desks()
    desk = next(found)
    for _ in range(writer):
        desk = next(found)
    if kind == "http":
        write_on(writer, Browser(desk).write, log)
        return

    def write(text: str, token: uuid.UUID) -> bool:
        write_by_action(desk, text, token)
        return True

    write_on(writer, write, log)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
