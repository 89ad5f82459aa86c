"""Many cases by COPY: five agencies, 500 workers with about 50 cases each, ten items a case, disclosures on a third.

Written as the superuser with triggers off, so each row is written as they would have left it. Every sealed field is truly
sealed, each record under a data key of its own.
"""

from __future__ import annotations

import datetime
import itertools
import json
import os
import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forebyg.cases.finding import DEMO, PREVENTION, as_kept
from forebyg.core.ids import new_id
from forebyg.law import Exchange, Party, load_law
from forebyg.store import keys
from forebyg.store.keys import NONCE_BYTES
from forebyg.store.sealed import key_store

AGENCIES = 5
WORKERS = 500
CASES_OF_A_WORKER = 50
ITEMS = 10
UNIT = "Enheden"
_TEXT = "Den unge har talt med sin vejleder om de sidste uger og vil gerne mødes igen på fredag efter skole. " * 2
_INTERVENTION = "mentorstoette"
_CHUNK = 2000  # cases between two COPYs
_AT_STEP = 7  # of large cases: the same, because a step decides what a page asks
_FINDING = as_kept(
    load_law("dk-2026")
    .signed_throughout(DEMO)
    .judge(
        Exchange(
            from_=Party(kind="social-services", controller="a", forums=("ssp",)),
            to=Party(kind="police", controller="b", forums=("ssp",)),
            forum="ssp",
            purpose=PREVENTION,
            categories=("private",),
            moment=datetime.date(2026, 11, 23),
        )
    ),
    purpose=PREVENTION,
)

Row = tuple[Any, ...]


@dataclass(frozen=True)
class KnownCase:
    """A case that a worker has whole; `child` is the person that it is about."""

    reference: str
    matter: uuid.UUID
    lead: uuid.UUID
    child: uuid.UUID


@dataclass(frozen=True)
class Known:
    """A worker, and the cases that the worker has whole."""

    worker: uuid.UUID
    agency: uuid.UUID
    cases: list[KnownCase] = field(default_factory=list)

    @property
    def led(self) -> list[KnownCase]:
        """Those that the worker's agency leads, so that the worker sees whom they are about."""
        return [case for case in self.cases if case.lead == self.agency]


@dataclass
class _Batch:
    """Rows to be copied, by table, in the order in which the tables are filled."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, row: Row) -> None:
        self.rows.setdefault(table, []).append(row)


_RECORD = "id, root, version, is_current, matter_id, owner_id, readers, about, author_id, happened_at, recorded_at, key_id"
COLUMNS = {
    "matters_matter": "id, unit_id, reference, created_at",
    "cases_case": "id, matter_id, unit_id, lead_id, step, outcome, opened_at, moved_at, version",
    "cases_casemove": "id, case_id, matter_id, unit_id, agency_id, worker_id, name, from_step, to_step, outcome, at, number",
    "access_admission": "id, matter_id, agency_id, admitted_by_id, admitted_at, frame_only, special_only",
    "access_grant": "id, worker_id, matter_id, reason, given_by_id, starts_at, ends_at",
    "people_participant": f"{_RECORD}, citizen, label, name, cpr, born_on, involved_because, stated_age, municipality, cooperation, "
    "is_subject, is_involved, is_guardian, meets_apart, custody_status, protected_address",
    "cases_item": f"{_RECORD}, kind, source, reliability, weight, forum, not_for_investigation, text, correction_reason, retraction",
    "cases_timelineentry": f"{_RECORD}, kind, record_table, record_root, codes, text",
    "cases_disclosure": f"{_RECORD}, recipient_id, record_table, record_root, finding, necessity",
    "cases_qualification": f"{_RECORD}, kind, value, reason",
    "cases_offer": f"{_RECORD}, intervention, is_asked_for, text",
    "cases_course": f"{_RECORD}, offer, intervention",
    "cases_clock": f"{_RECORD}, rule, unit_id, due_at, stopped_at",
    "cases_task": f"{_RECORD}, kind, step, assigned_to_id, text, due_at, done_at",
}
_MOVES = ("receive", "bring-to-unit", "discussed", "proceed-to-meeting", "met", "confirm", "measures-agreed", "dealt-with")


class Filling:
    """Fills the database that `connection` leads to (as a superuser), which holds a migrated schema and the packs."""

    def __init__(self, connection: psycopg.Connection[Any], *, seed: int = 2016) -> None:
        self._connection = connection
        self._random = random.Random(seed)
        self._now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        self._unit = new_id()
        self._agencies = [new_id() for _ in range(AGENCIES)]
        self._workers = [Known(new_id(), self._agencies[number % AGENCIES]) for number in range(WORKERS)]
        self._made = 0
        keys.BATCH = 20_000  # one write to the key store for many records

    def people(self) -> list[Known]:
        """Who has which cases."""
        return self._workers

    def who_is_who(self) -> None:
        """The unit, its agencies, and the workers, all of whom may write."""
        run = self._connection.execute
        run("SET session_replication_role = replica")
        run("INSERT INTO access_unit (id, name, pack) VALUES (%s, %s, 'copenhagen-2016')", [self._unit, UNIT])
        controller = new_id()
        run("INSERT INTO access_controller (id, name) VALUES (%s, 'Kommunen')", [controller])
        for number, agency in enumerate(self._agencies):
            run(
                "INSERT INTO access_agency (id, name, kind, actor, is_entry_point, forums, controller_id) "
                "VALUES (%s, %s, 'municipal', %s, true, '{ssp}', %s)",
                [agency, f"Myndighed {number + 1}", f"actor-{number}", controller],
            )
            run(
                "INSERT INTO access_membership (id, is_permanent, agency_id, unit_id) VALUES (%s, true, %s, %s)",
                [new_id(), agency, self._unit],
            )
        for number, one in enumerate(self._workers):
            run(
                "INSERT INTO access_worker (id, password, email, name, is_active, is_system, agency_id, unit_id) "
                "VALUES (%s, '!', %s, %s, true, false, %s, %s)",
                [one.worker, f"medarbejder-{number}@forebyg.example", f"Medarbejder {number}", one.agency, self._unit],
            )
            run(
                "INSERT INTO access_roleholding (id, role, worker_id) VALUES (%s, 'vink', %s)",
                [new_id(), one.worker],
            )

    def cases(self, last: int) -> None:
        """As many cases as it takes until there are `last`. Grants go to the first ones, so that a worker's reach stays the same."""
        grants = self._grants(last) if self._made == 0 else {}
        while self._made < last:
            batch = _Batch()
            for _ in range(min(_CHUNK, last - self._made)):
                self._made += 1
                self._case(batch, self._made, grants.get(self._made, ()))
            self._copy(batch)
        self._connection.execute("ANALYZE")

    def large_case(self, one: Known, *, items: int, told: int) -> KnownCase:
        """A case that this worker's agency leads, with so many items of its own, each told to so many of the others. `cases` comes
        before it."""
        number = next(
            n for n in itertools.count(self._made + 1) if n % 9 == _AT_STEP and self._agencies[n % AGENCIES] == one.agency
        )
        self._made = number
        batch = _Batch()
        self._case(batch, number, [one], items=items, told=told)
        self._copy(batch)
        return one.cases[-1]

    def _grants(self, last: int) -> dict[int, list[Known]]:
        """Case number → who has it whole: about 50 cases each, among those that the worker's agency takes part in."""
        given: dict[int, list[Known]] = {}
        for one in self._workers:
            place = self._agencies.index(one.agency)
            mine = [number for number in range(1, last + 1) if place in _parties(number)]
            for number in self._random.sample(mine, CASES_OF_A_WORKER):
                given.setdefault(number, []).append(one)
        return given

    def _case(self, batch: _Batch, number: int, known: Iterable[Known], *, items: int = ITEMS, told: int = 0) -> None:
        matter, case, child, parent = (new_id() for _ in range(4))
        taking_part = [(number + place) % AGENCIES for place in range(AGENCIES)] if told else _parties(number)
        lead, second, *_ = parties = [self._agencies[place] for place in taking_part]
        lead_worker = self._workers[_parties(number)[0]].worker
        second_worker = self._workers[_parties(number)[1]].worker
        step = number % 9 + 1
        opened = self._now - datetime.timedelta(days=120, minutes=number % 100_000)
        moved = self._now - datetime.timedelta(minutes=7 * (number % 100_000))
        reference = f"{2000 + number // 90_000}-{10_000 + number % 90_000}"
        batch.add("matters_matter", (matter, self._unit, reference, opened))
        batch.add("cases_case", (case, matter, self._unit, lead, step, "", opened, moved, step - 1))
        for at_step in range(1, step):
            at = opened + (moved - opened) * at_step / step
            batch.add(
                "cases_casemove",
                (
                    new_id(),
                    case,
                    matter,
                    self._unit,
                    lead,
                    lead_worker,
                    _MOVES[at_step - 1],
                    at_step,
                    at_step + 1,
                    "",
                    at,
                    at_step,
                ),
            )
        for agency in parties:
            batch.add("access_admission", (new_id(), matter, agency, lead_worker, opened, False, False))
        for one in known:
            one.cases.append(KnownCase(reference, matter, lead, child))
            ends = self._now + datetime.timedelta(days=300)
            batch.add("access_grant", (new_id(), one.worker, matter, "contact", one.worker, opened, ends))

        def head(owner: uuid.UUID, author: uuid.UUID, readers: list[uuid.UUID], about: list[uuid.UUID], at: datetime.datetime,
                 table: str, *texts: tuple[str, str], id: uuid.UUID | None = None) -> tuple[Row, list[bytes]]:  # fmt: skip
            root = id or new_id()
            key_id, sealed = _seal(table, root, texts)
            return (root, root, 1, True, matter, owner, readers, about, author, at, at, key_id), sealed

        shared = number % 3 == 0
        of_the_persons = [lead, second] if shared else [lead]
        for person, label, is_subject in ((child, "Søn", True), (parent, "Far", False)):
            texts = (
                ("label", label),
                ("name", ""),
                ("cpr", ""),
                ("born_on", "2009-03-04" if is_subject else ""),
                ("involved_because", ""),
            )
            row, sealed = head(lead, lead_worker, of_the_persons, [person], opened, "people_participant", *texts, id=person)
            batch.add(
                "people_participant",
                (*row, new_id(), *sealed, "unknown", "", "", is_subject, False, not is_subject, False, "", False),
            )
            self._entry(batch, head, row, "people_participant", "participant", label)
            if shared:
                self._disclose(batch, head, row, "people_participant", second)
        for place in range(items):
            at = opened + datetime.timedelta(days=place * ITEMS / items, minutes=place)
            own = place < 7 or told > 0
            owner, author = (lead, lead_worker) if own else (second, second_worker)
            readers = [lead, second] if own and shared and place % 2 == 0 else [owner]
            if told:
                readers = [lead, *(parties[1 + (place + other) % (AGENCIES - 1)] for other in range(told))]
            row, sealed = head(owner, author, readers, [child], at, "cases_item", ("text", _TEXT), ("correction_reason", ""))
            weight = ("risk", "protective", "neutral")[place % 3]
            batch.add("cases_item", (*row, "observation", "own-work", "first-hand", weight, "own", False, *sealed, ""))
            self._entry(batch, head, row, "cases_item", "item", _TEXT)
            for recipient in readers[1:]:
                self._disclose(batch, head, row, "cases_item", recipient)
        row, sealed = head(lead, lead_worker, [lead], [], opened, "cases_qualification", ("reason", _TEXT))
        batch.add("cases_qualification", (*row, "severity", ("high", "medium", "low")[number % 3], *sealed))
        offer, sealed = head(lead, lead_worker, [lead], [child], moved, "cases_offer", ("text", _TEXT))
        batch.add("cases_offer", (*offer, _INTERVENTION, False, *sealed))
        if number % 2:
            row, _ = head(lead, lead_worker, [lead], [child], moved, "cases_course")
            batch.add("cases_course", (*row, offer[0], _INTERVENTION))
        due = self._now + datetime.timedelta(hours=number * 37 % 144 - 48, seconds=number % 3000)
        row, _ = head(lead, lead_worker, [lead], [], due - datetime.timedelta(hours=72), "cases_clock")
        batch.add("cases_clock", (*row, "triage", self._unit, due, moved if step > 4 else None))
        row, _ = head(second, second_worker, [second], [], opened, "cases_clock")
        batch.add("cases_clock", (*row, "re-offer", self._unit, self._now + datetime.timedelta(days=number % 90 + 1), None))
        row, sealed = head(lead, lead_worker, [lead], [], moved, "cases_task", ("text", ""))
        batch.add("cases_task", (*row, "step", step, lead, *sealed, None, None))
        if number % 2:
            row, sealed = head(second, second_worker, [second], [], moved, "cases_task", ("text", _TEXT))
            due = self._now + datetime.timedelta(hours=number % 400, seconds=number % 3000)
            batch.add("cases_task", (*row, "do", None, second, *sealed, due, None))

    @staticmethod
    def _entry(batch: _Batch, head: Any, told: Row, table: str, kind: str, text: str) -> None:
        row, sealed = head(told[5], told[8], told[6], told[7], told[9], "cases_timelineentry", ("text", text))
        batch.add("cases_timelineentry", (*row, kind, table, told[0], {}, *sealed))

    @staticmethod
    def _disclose(batch: _Batch, head: Any, told: Row, table: str, recipient: uuid.UUID) -> None:
        row, sealed = head(told[5], told[8], told[6], told[7], told[9], "cases_disclosure", ("necessity", _TEXT))
        batch.add("cases_disclosure", (*row, recipient, table, told[0], _FINDING, *sealed))

    def _copy(self, batch: _Batch) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for table, columns in COLUMNS.items():
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for part in _lines(batch.rows.get(table, [])):
                        copy.write(part)


def _parties(number: int) -> list[int]:
    """The places of the agencies that take part in a case: who leads comes first; a third have three."""
    lead = number % AGENCIES
    return [lead, (lead + 1) % AGENCIES, (lead + 2) % AGENCIES] if number % 3 == 0 else [lead, (lead + 1) % AGENCIES]


def _seal(table: str, row: uuid.UUID, texts: Iterable[tuple[str, str]]) -> tuple[uuid.UUID | None, list[bytes]]:
    texts = list(texts)
    if not texts:
        return None, []
    key_id, key = key_store().draw()
    cipher = AESGCM(key)
    sealed = []
    for name, text in texts:
        nonce = os.urandom(NONCE_BYTES)
        sealed.append(nonce + cipher.encrypt(nonce, text.encode(), f"{table}|{row}|{name}".encode()))
    return key_id, sealed


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    """The text format of COPY; quicker than to let the driver adapt each value."""
    for row in rows:
        yield "\t".join(map(_value, row)) + "\n"


def _value(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case bytes():
            return "\\\\x" + value.hex()
        case list():
            return "{" + ",".join(map(str, value)) + "}"
        case dict():
            return json.dumps(value)
        case datetime.datetime():
            return value.isoformat()
        case _:
            return str(value)
