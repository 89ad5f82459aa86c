"""The bare handler: the same server, the same role and policies, the best SQL for a page's content, and JSON. Nothing else.

No session, no sign-in, no ledger, no page. One message to the database and back: who acts, one statement, the end of the
transaction. What a page shows of sealed text is opened here too.
"""

from __future__ import annotations

import argparse
import json
import os
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from forebyg.store.keys import NONCE_BYTES, KeyStore

Json = Any

CASE = """
WITH c AS MATERIALIZED (
    SELECT k.id, k.matter_id, m.reference, k.step, k.outcome, k.version, l.name AS lead
      FROM matters_matter m JOIN cases_case k ON k.matter_id = m.id JOIN access_agency l ON l.id = k.lead_id
     WHERE m.reference = %(reference)s)
SELECT json_build_object(
    'reference', c.reference, 'step', c.step, 'outcome', c.outcome, 'lead', c.lead,
    'moves', (SELECT json_agg(json_build_object('from', v.from_step, 'at', v.at) ORDER BY v.number) FROM cases_casemove v WHERE v.case_id = c.id),
    'people', (SELECT json_agg(json_build_object('id', p.id, 'key', p.key_id, 'label', p.label, 'born_on', p.born_on,
                                                 'subject', p.is_subject, 'guardian', p.is_guardian) ORDER BY p.happened_at)
                 FROM people_participant p WHERE p.matter_id = c.matter_id AND p.is_current),
    'newest', (SELECT json_agg(t) FROM (
                 SELECT e.id, e.key_id AS key, e.kind, e.codes, e.text, e.happened_at, e.about, e.owner_id, e.readers, w.name AS author,
                        a.name AS agency, coalesce(i.not_for_investigation, false) AS barred
                   FROM cases_timelineentry e JOIN access_worker w ON w.id = e.author_id JOIN access_agency a ON a.id = w.agency_id
                   LEFT JOIN cases_item i ON i.root = e.record_root AND i.is_current
                  WHERE e.matter_id = c.matter_id AND e.is_current ORDER BY e.happened_at DESC, e.id DESC LIMIT 5) t),
    'alarms', (SELECT json_agg(json_build_object('id', x.id, 'key', x.key_id, 'text', x.text, 'kind', x.kind)) FROM cases_alarm x
                WHERE x.matter_id = c.matter_id AND x.is_current
                  AND NOT EXISTS (SELECT FROM cases_alarmend y WHERE y.matter_id = c.matter_id AND y.alarm = x.root AND y.is_current)),
    'courses', (SELECT json_agg(json_build_object('id', x.id, 'intervention', x.intervention, 'about', x.about,
                    'state', (SELECT e.kind FROM cases_courseevent e WHERE e.matter_id = c.matter_id AND e.course = x.root AND e.is_current
                               ORDER BY e.happened_at DESC LIMIT 1)))
                  FROM cases_course x WHERE x.matter_id = c.matter_id AND x.is_current),
    'offers', (SELECT json_agg(json_build_object('id', x.id, 'intervention', x.intervention, 'about', x.about))
                 FROM cases_offer x WHERE x.matter_id = c.matter_id AND x.is_current),
    'tasks', (SELECT json_agg(json_build_object('id', x.id, 'key', x.key_id, 'text', x.text, 'kind', x.kind, 'step', x.step,
                                                'due', x.due_at, 'for', x.assigned_to_id))
                FROM cases_task x WHERE x.matter_id = c.matter_id AND x.is_current AND x.done_at IS NULL),
    'clocks', (SELECT json_agg(json_build_object('id', x.id, 'rule', x.rule, 'due', x.due_at, 'paused', x.paused_at) ORDER BY x.due_at)
                 FROM cases_clock x WHERE x.matter_id = c.matter_id AND x.is_current AND x.stopped_at IS NULL),
    'severity', (SELECT x.value FROM cases_qualification x WHERE x.matter_id = c.matter_id AND x.kind = 'severity' AND x.is_current
                  ORDER BY x.happened_at DESC LIMIT 1),
    'finding', (SELECT x.finding FROM cases_disclosure x WHERE x.matter_id = c.matter_id AND x.withdrawn_at IS NULL
                 ORDER BY x.recorded_at DESC LIMIT 1),
    'counts', json_build_object(
        'timeline', (SELECT count(*) FROM cases_timelineentry x WHERE x.matter_id = c.matter_id AND x.is_current),
        'assessments', (SELECT count(*) FROM cases_assessment x WHERE x.matter_id = c.matter_id AND x.is_current),
        'items', (SELECT count(*) FROM cases_item x WHERE x.matter_id = c.matter_id AND x.is_current),
        'sharing', (SELECT count(*) FROM cases_disclosure x WHERE x.matter_id = c.matter_id AND x.withdrawn_at IS NULL)))
  FROM c
"""

_LINE = """json_build_object('reference', m.reference, 'step', k.step, 'lead', l.name, 'moved', k.moved_at, 'due', {due}, 'rule', {rule})"""
_FRAME = "JOIN matters_matter m ON m.id = k.matter_id JOIN access_agency l ON l.id = k.lead_id"
_NEXT = """
LEFT JOIN LATERAL (SELECT x.due_at, x.rule FROM cases_clock x WHERE x.matter_id = k.matter_id AND x.stopped_at IS NULL AND x.is_current
                    ORDER BY x.paused_at IS NOT NULL, x.due_at LIMIT 1) n ON true"""

LIST = f"""
SELECT json_agg({_LINE.format(due="n.due_at", rule="n.rule")})
  FROM (SELECT * FROM cases_case WHERE matter_id = ANY ((select access.my_matters())::uuid[]) AND step <> 10
         ORDER BY moved_at DESC, id DESC LIMIT 26) k {_FRAME} {_NEXT}
"""

FILTER = f"""
SELECT json_agg({_LINE.format(due="d.due_at", rule="d.rule")})
  FROM (SELECT matter_id, min(due_at) AS due_at, min(rule) AS rule FROM cases_clock
         WHERE matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND stopped_at IS NULL AND paused_at IS NULL AND is_current
         GROUP BY matter_id HAVING min(due_at) BETWEEN store.now() AND store.now() + interval '72 hours'
         ORDER BY min(due_at) LIMIT 26) d
  JOIN cases_case k ON k.matter_id = d.matter_id {_FRAME} WHERE k.step <> 10
"""

INBOX = f"""
WITH mine AS MATERIALIZED (
    SELECT x.matter_id, x.due_at, x.kind AS rule, x.step AS at_step FROM cases_task x
     WHERE x.matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND x.is_current AND x.done_at IS NULL
       AND x.assigned_to_id = (select access.my_agency()) AND (x.worker_id IS NULL OR x.worker_id = (select access.me()))
    UNION ALL
    SELECT x.matter_id, x.due_at, x.rule, NULL FROM cases_clock x
     WHERE x.matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND x.is_current AND x.stopped_at IS NULL
       AND x.paused_at IS NULL AND x.owner_id = (select access.my_agency()))
SELECT json_build_object(
    'rows', (SELECT json_agg({_LINE.format(due="d.due_at", rule="d.rule")})
               FROM (SELECT * FROM mine ORDER BY due_at NULLS LAST LIMIT 26) d JOIN cases_case k ON k.matter_id = d.matter_id {_FRAME}),
    'over', (SELECT count(*) FROM mine WHERE due_at < store.now()),
    'soon', (SELECT count(*) FROM mine WHERE due_at BETWEEN store.now() AND store.now() + interval '72 hours'),
    'paused', (SELECT count(*) FROM cases_clock x WHERE x.paused_at IS NOT NULL AND x.stopped_at IS NULL AND x.is_current))
"""

_HEAD = "id, root, version, is_current, matter_id, owner_id, readers, about, author_id, happened_at, recorded_at, key_id"
_GIVEN = """%(id)s, %(id)s, 1, true, %(matter)s, (select access.my_agency()), '{}', '{}', (select access.me()), store.now(), store.now(), %(key)s"""
ITEM = f"""
WITH item AS (
    INSERT INTO cases_item ({_HEAD}, kind, source, reliability, weight, forum, not_for_investigation, text, correction_reason, retraction)
    VALUES ({_GIVEN}, 'observation', 'own-work', 'first-hand', 'neutral', 'own', false, %(text)s, %(empty)s, '')),
entry AS (
    INSERT INTO cases_timelineentry ({_HEAD}, kind, record_table, record_root, codes, text)
    VALUES ({_GIVEN.replace("%(id)s", "%(entry)s")}, 'item', 'cases_item', %(id)s, '{{}}', %(entry_text)s)),
form AS (
    INSERT INTO cases_usedform (id, worker_id, used_at) VALUES (%(form)s, (select access.me()), store.now()))
INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason, key_id)
VALUES (%(event)s, store.now(), (select access.me()), (select access.my_agency()), 'item.written', ARRAY[%(matter)s]::uuid[],
        ARRAY[%(id)s]::uuid[], '{{}}', %(empty)s, %(key)s)
"""
_BEGIN = "SELECT set_config('forebyg.worker', %s, true)"


@cache
def _pool() -> ConnectionPool[Any]:
    return ConnectionPool(
        kwargs={
            "host": os.environ["FOREBYG_DATABASE_HOST"],
            "dbname": os.environ["FOREBYG_DATABASE_NAME"],
            "user": "forebyg_web",
        },
        min_size=2,
        max_size=12,
        open=True,
    )


@cache
def _keys() -> KeyStore:
    from pathlib import Path

    return KeyStore(Path(os.environ["FOREBYG_DATA_FOLDER"]) / "keys")


def _ask(worker: str, sql: str, given: dict[str, Any], *, is_answered: bool = True) -> Json:
    with _pool().connection() as connection, connection.pipeline(), connection.transaction():
        connection.execute(_BEGIN, [worker])
        cursor = connection.cursor(row_factory=tuple_row).execute(sql, given, prepare=True)
        row = cursor.fetchone() if is_answered else None
    return row[0] if row else None


def case(worker: str, given: dict[str, str]) -> Json:
    """The overview of a case, opened."""
    found = _ask(worker, CASE, given)
    sealed = {
        "people_participant": (found["people"], ("label", "born_on")),
        "cases_timelineentry": (found["newest"], ("text",)),
        "cases_alarm": (found["alarms"], ("text",)),
        "cases_task": (found["tasks"], ("text",)),
    }
    keys = _keys().read(uuid.UUID(row["key"]) for rows, _ in sealed.values() for row in rows or () if row["key"])
    for table, (rows, fields) in sealed.items():
        _open(table, rows or (), fields, keys)
    return found


def _open(table: str, rows: Iterable[Json], fields: Iterable[str], keys: dict[uuid.UUID, bytes]) -> None:
    for row in rows:
        cipher = AESGCM(keys[uuid.UUID(row["key"])])
        for name in fields:
            value = bytes.fromhex(row[name][2:])
            row[name] = cipher.decrypt(
                value[:NONCE_BYTES], value[NONCE_BYTES:], f"{table}|{row['id']}|{name}".encode()
            ).decode()


def add_item(worker: str, given: dict[str, str]) -> Json:
    """An item of information with its timeline entry, its ledger event and the form's token."""
    from forebyg.core.ids import new_id

    key_id, key = _keys().draw()
    ids = {name: new_id() for name in ("id", "entry", "event", "form")}
    cipher = AESGCM(key)

    def seal(table: str, row: str, field: str, text: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, text.encode(), f"{table}|{ids[row]}|{field}".encode())

    sealed = {
        "text": seal("cases_item", "id", "text", given["text"]),
        "empty": seal("cases_item", "id", "correction_reason", ""),
        "entry_text": seal("cases_timelineentry", "entry", "text", given["text"]),
    }
    _ask(worker, ITEM, {"matter": given["matter"], "key": key_id, **ids, **sealed}, is_answered=False)
    return {"id": str(ids["id"])}


HANDLERS: dict[str, Callable[[str, dict[str, str]], Json]] = {
    "case": case,
    "list": lambda worker, given: _ask(worker, LIST, {}),
    "filter": lambda worker, given: _ask(worker, FILTER, {}),
    "inbox": lambda worker, given: _ask(worker, INBOX, {}),
    "add_item": add_item,
}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """`/<page>?worker=<id>&…`"""
    given = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    body = json.dumps(HANDLERS[environ["PATH_INFO"].strip("/")](given["worker"], given)).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def main() -> None:
    """Serve as `forebyg serve` does."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from forebyg.cli import web

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, required=True)
    chosen = parser.parse_args()
    Server(
        "tests.bench.bare:application",
        address="127.0.0.1",
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=chosen.processes,
        blocking_threads=web.THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
