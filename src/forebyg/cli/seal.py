"""The sealer's process: seals the ledger every two seconds and puts each new head into the agencies' outboxes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forebyg.audit.outbox import put_head
from forebyg.audit.proof_files import HeadFile
from forebyg.audit.seal_key import SealKeyMissing, make_seal_key, read_seal_key, seal_key_file
from forebyg.audit.sealer import Sealer
from forebyg.audit.tree import Connection, newest_head
from forebyg.store.sessions import connect

EVERY = 2.0  # seconds
_GLANCE = 0.1  # seconds
_log = logging.getLogger(__name__)


def keep_sealing(*, data_folder: Path, is_over: Callable[[], bool]) -> None:
    """Seal until `is_over()`. A database that is away is waited for.

    Raises `SealKeyMissing` or `SealKeyUnusable`; and `TreeAltered` or `NumbersWentBack`, when nothing more can be sealed.
    """
    place = seal_key_file(data_folder)
    key = read_seal_key(place) if place.exists() else None
    while not is_over():
        try:
            with connect() as connection:
                key = key or _first_key(connection, place)
                _seal_over(connection, Sealer(connection, key), data_folder, is_over)
        except psycopg.OperationalError:
            _log.warning("the database is away; the sealer waits for it and tries again every %s seconds", EVERY)
            _rest(is_over)


def _first_key(connection: Connection, place: Path) -> Ed25519PrivateKey:
    """A new key for a ledger that nothing has signed yet. Raises `SealKeyMissing` for any other."""
    if not place.exists() and newest_head(connection) is not None:
        raise SealKeyMissing(place)
    return make_seal_key(place)


def _seal_over(connection: Connection, sealer: Sealer, data_folder: Path, is_over: Callable[[], bool]) -> None:
    """Seal over one connection until it breaks."""
    handed_out = 0
    while not is_over():
        batch = sealer.seal()
        signed = sealer.newest_head()
        if signed is not None and signed.head.size != handed_out:
            agencies = [agency for (agency,) in connection.execute("SELECT id FROM access_agency")]
            put_head(HeadFile.of(signed, sealer.public_key), data_folder=data_folder, agency_ids=agencies)
            handed_out = signed.head.size
        if not batch.is_full:
            _rest(is_over)


def _rest(is_over: Callable[[], bool]) -> None:
    until = time.monotonic() + EVERY
    while not is_over() and time.monotonic() < until:
        time.sleep(_GLANCE)
