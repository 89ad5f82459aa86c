"""Side doors are closed: what is hidden from a worker shows in no page, count, list, choice, search, export, file or message, and
a guessed id or reference of it answers as one that does not exist (B-027)."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import as_owner, set_clock
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.architecture.permission_matrix import WORKERS
from tests.visibility.hidden import CPR, MARK, Seen, hide, open_case
from tests.visibility.walking import Answers, addresses, get, told

from forebyg.access.models import Worker
from forebyg.access.tests.rows import rows
from forebyg.core.ids import new_id
from forebyg.store.sealed import key_store

EVERYBODY_ELSE = [*(key for key in WORKERS.values() if key != "vink"), "vink-kollega"]
"""One of each column of the permission matrix, and a colleague of the one who hides it, without access to either case."""
IN_THE_CASE = ("dks", "mentor", "sekretariat")
LATER = "2 hours"
ABSENT = "1999-0001"


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of its own for the files; the key store is the run's."""
    key_store()
    monkeypatch.setattr(settings, "FOREBYG", settings.FOREBYG.model_copy(update={"data_folder": tmp_path}))


@pytest.mark.req("B-027")
def test_what_is_hidden_leaves_no_trace_at_any_door(cast: dict[str, Worker]) -> None:
    clients = {key: _signed_in(cast[key]) for key in EVERYBODY_ELSE}
    seen = open_case(cast)
    before = {key: _looked_around(client, key, seen) for key, client in clients.items()}
    mail.outbox.clear()

    reference, hidden = hide(seen)
    assert MARK in get(_signed_in(cast["vink"]), reverse("cases:items", args=[seen.reference]))[1]
    for key, client in clients.items():
        after = _looked_around(client, key, seen)
        changed = [name for name in after if after[name] != before[key][name]]
        assert not changed, f"{key} sees another answer at {changed}"
        _guesses_tell_nothing(client, key, seen, reference, hidden)
        if key == "dks":
            _choices_tell_nothing(client, seen, hidden, after)
    assert not _messages_with_the_mark()


def _signed_in(worker: Worker) -> Client:
    client = Client()
    client.force_login(worker)
    return client


def _is_form(name: str) -> bool:
    return name.startswith("cases:act-")


def _is_of_work(name: str) -> bool:
    """Not of the own account, of the published strategy or of whether the server is well: those are the same for everyone."""
    return name.split(":")[0] in ("front", "cases", "requests", "sharing", "intake", "oversight")


def _looked_around(client: Client, key: str, seen: Seen) -> Answers:
    """All answers a worker gets, at one and the same moment; nothing of the visit stays. An officer's log of what was done is left
    out: it is of deeds, and tells what is in none."""

    def which(name: str, is_of_a_case: bool) -> bool:
        if key == "dks":
            return True
        return _is_of_work(name) and (not is_of_a_case or (key in IN_THE_CASE and not _is_form(name)))

    places = addresses(seen.reference, seen.rows, which=which)
    with _a_visit():
        answers = {name: get(client, address) for name, address in places}
        if key == "dpo":
            answers["oversight:csv"] = told(client.post(reverse("oversight:export"), {"reason": "Stikprøve til tilsynet."}))
    assert not [name for name, (_, body) in answers.items() if MARK in body or CPR in body]
    return {name: answer for name, answer in answers.items() if key != "dpo" or not name.startswith("oversight:")}


@contextlib.contextmanager
def _a_visit() -> Iterator[None]:
    set_clock(LATER)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _guesses_tell_nothing(client: Client, key: str, seen: Seen, reference: str, hidden: dict[str, uuid.UUID]) -> None:
    """The reference and the ids of what is hidden are answered like those of nothing, in addresses and in what is sent."""
    absent = {kind: new_id() for kind in hidden}

    def which(name: str, is_of_a_case: bool) -> bool:
        if name.startswith("oversight:") and key == "dpo":
            return False  # an officer knows of the own controller's accesses, whatever the matter
        return is_of_a_case and (key == "dks" or not _is_form(name))

    pairs = [((reference, hidden), (ABSENT, absent))]
    if key in IN_THE_CASE:
        pairs.append(((seen.reference, hidden), (seen.reference, absent)))
    with _a_visit():
        for there, nowhere in pairs:
            places = [dict(addresses(*one, which=which)) for one in (there, nowhere)]
            apart = [name for name in places[0] if places[0][name] != places[1][name]]
            answers = [{name: get(client, one[name]) for name in apart} for one in places]
            _are_alike(key, *answers, hidden={reference: ABSENT} | {str(hidden[kind]): str(absent[kind]) for kind in hidden})
        searched = [_search(client, one) for one in (reference, ABSENT, CPR, "0101801245", MARK, "Ingenting")]
        assert searched.count(searched[0]) == len(searched), f"the search tells {key}"
        broken = [_break(client, one) for one in (reference, ABSENT)]
        _are_alike(key, {"glass": broken[0]}, {"glass": broken[1]}, hidden={reference: ABSENT})


def _are_alike(key: str, there: Answers, nowhere: Answers, *, hidden: dict[str, str]) -> None:
    assert not [name for name, (_, body) in there.items() if MARK in body or CPR in body]
    said = {name: (status, _without(body, hidden)) for name, (status, body) in there.items()}
    apart = [name for name in said if said[name] != nowhere[name]]
    assert not apart, f"a guess of {key} is answered differently at {apart}"


def _without(body: str, hidden: dict[str, str]) -> str:
    """As if what does not exist had been asked for."""
    for one, other in hidden.items():
        body = body.replace(one, other)
    return body


def _search(client: Client, term: str) -> tuple[int, str]:
    status, body = told(client.post(reverse("cases:search"), {"q": term}))
    return status, body.replace(term, "")


def _break(client: Client, reference: str) -> tuple[int, str]:
    reason = "Faren ringer og siger, at sønnen er kørt til lufthavnen."
    typed = {"reference": reference, "emergency": "departure", "reason": reason}
    return told(client.post(reverse("oversight:break-glass"), typed))


def _choices_tell_nothing(client: Client, seen: Seen, hidden: dict[str, uuid.UUID], shown: Answers) -> None:
    """Each field of each form that was `shown` is sent the hidden ids, and ids of nothing: the same page comes back, with the same
    sentences."""
    absent = {kind: new_id() for kind in hidden}
    fields = re.compile(r'<(?:input|select)[^>]*name="([a-z_]+)"')
    for name, place in addresses(seen.reference, seen.rows, which=lambda name, _: _is_form(name)):
        status, body = shown[name]
        if status != 200:
            continue
        names = set(fields.findall(body)) - {"target", "token", "seen"}
        answers = []
        for ids in (hidden, absent):
            values = [str(one) for one in ids.values()] + [f"cases_item:{ids['item']}"]
            with _a_visit():
                sent = dict.fromkeys(names, values) | {"target": place.partition("?for=")[2]}
                answers.append({name: told(client.post(place, sent))})
        _are_alike("dks", *answers, hidden={str(hidden[kind]): str(absent[kind]) for kind in hidden})


def _messages_with_the_mark() -> list[str]:
    """Mails, and what jobs were given to do."""
    with as_owner():
        jobs = [args for (args,) in rows("SELECT args::text FROM procrastinate_jobs")]
    sent = [f"{message.subject} {message.body} {message.recipients()}" for message in mail.outbox]
    return [one for one in (*jobs, *sent) if MARK in one or CPR in one]
