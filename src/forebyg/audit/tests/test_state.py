"""How the seal stands, and the alarm when it is late."""

from __future__ import annotations

import datetime
import logging
import uuid

import pytest
from conftest import as_owner

from forebyg.access.models import Worker
from forebyg.access.tests.rows import run, session_of
from forebyg.audit.jobs import warn_of_late_seal
from forebyg.audit.record import record
from forebyg.audit.state import LATE_AFTER, seal_state
from forebyg.audit.tests.conftest import Ground
from forebyg.core.ids import new_id
from forebyg.store.identity import act_as, now
from forebyg.store.roles import WEB

MATTER = uuid.UUID("01920000-0000-7000-8000-0000000000aa")


@pytest.fixture
def vink(cast: dict[str, Worker]) -> Worker:
    """A worker who acts."""
    act_as(cast["vink"].id)
    return cast["vink"]


def _wait(seconds: int, *, worker: Worker) -> None:
    """Let an event have been written so long ago."""
    with as_owner():
        run(
            "INSERT INTO audit_event (id, at, worker_id, action, matter_ids, record_ids, codes, reason, written_at)"
            " VALUES (%s, now(), %s, 'case-read', ARRAY[%s], '{}', '{}', '', clock_timestamp() - %s * interval '1 second')",
            new_id(),
            worker.id,
            MATTER,
            seconds,
        )


def test_with_no_event_nothing_waits(db: None) -> None:
    state = seal_state()
    assert (state.unsealed, state.waited, state.is_late) == (0, datetime.timedelta(), False)
    assert (state.size, state.sealed_at, state.sealer_was_there_at) == (None, None, None)


def test_the_web_role_sees_how_many_events_wait_and_since_when(vink: Worker) -> None:
    record("case-read", actor=vink, at=now())
    _wait(45, worker=vink)
    state = seal_state()
    assert state.unsealed == 2
    assert datetime.timedelta(seconds=45) <= state.waited < LATE_AFTER
    assert not state.is_late


@pytest.mark.parametrize(("seconds", "is_late"), [(30, False), (61, True)])
def test_the_alarm_says_how_many_wait_and_since_when_and_nothing_about_anybody(
    vink: Worker, caplog: pytest.LogCaptureFixture, seconds: int, is_late: bool
) -> None:
    _wait(seconds, worker=vink)
    with session_of("forebyg_worker"):
        assert warn_of_late_seal(timestamp=0) is is_late
    assert [entry.levelno for entry in caplog.records] == [logging.WARNING] * is_late
    assert ("seal is late" in caplog.text) is is_late
    for word in (vink.email, vink.name, str(vink.id), str(MATTER), "case-read"):
        assert word not in caplog.text


@pytest.mark.real_commits
def test_after_sealing_nothing_waits_and_the_newest_head_is_told(ground: Ground) -> None:
    ground.write(3)
    assert _state(ground)[:3] == (3, True, None)
    ground.seal(limit=2)
    unsealed, waited, size, sealed_at, was_there_at = _state(ground)
    ((head_at,),) = ground.look("SELECT max(at) FROM audit_head")
    assert (unsealed, waited, size, sealed_at) == (0, False, 3, head_at)
    assert was_there_at is not None
    assert was_there_at <= ground.look("SELECT clock_timestamp()")[0][0]
    ground.write(1)
    assert _state(ground)[:3] == (1, True, 3)


@pytest.mark.real_commits
def test_events_of_another_cluster_count_as_waiting_until_they_are_sealed(ground: Ground) -> None:
    ground.write(2)
    ground.seal()
    ground.owner.execute(
        "INSERT INTO audit_event (id, at, action, matter_ids, record_ids, codes, reason, cluster, xid)"
        " VALUES (gen_random_uuid(), now(), 'case-read', '{}', '{}', '{}', '', 1, '5')"
    )
    assert ground.unsealed() == 1
    ground.seal()
    assert ground.unsealed() == 0


def _state(ground: Ground) -> tuple[object, ...]:
    row = (
        ground.connect(WEB)
        .execute("SELECT unsealed, waited_seconds > 0, size, sealed_at, sealer_was_there_at FROM audit_seal_state()")
        .fetchone()
    )
    assert row is not None
    return row
