"""The malware scanner: a real clamd with a signature of our own, on a socket of the test's. What is not looked at is not taken in."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from forebyg.cases.documents import refusals, scanning
from forebyg.cases.tests.files import a_pdf, incoming
from forebyg.config.installation import Installation
from forebyg.store.sealed import key_store

HARMFUL = b"Dette er en opdigtet fil, som vores egen signatur kender.\n"
STARTS_WITHIN = 30.0  # seconds
INSTALL = "apt-get install --no-install-recommends clamav-daemon"


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scanner that knows one file, takes 2 MB and stops after the module."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.fail(f"These tests need ClamAV's clamd. On Debian: {INSTALL} (make test does so as root)")
    place = tmp_path_factory.mktemp("clamd")
    (place / "signatures").mkdir()
    digest = hashlib.md5(HARMFUL, usedforsecurity=False).hexdigest()
    (place / "signatures/own.hdb").write_text(f"{digest}:{len(HARMFUL)}:Forebyg.Test\n")
    configuration = place / "clamd.conf"
    configuration.write_text(
        f"LocalSocket {place}/socket\nDatabaseDirectory {place}/signatures\nStreamMaxLength 2M\nForeground yes\n"
        f"TemporaryDirectory {place}\n"
    )
    with subprocess.Popen([program, "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as scanner:
        try:
            _wait_for(f"unix:{place}/socket")
            yield f"unix:{place}/socket"
        finally:
            scanner.terminate()


def _wait_for(address: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while not scanning.answers(address):
        if time.monotonic() > until:
            pytest.fail("clamd did not start")
        time.sleep(0.05)


@pytest.fixture
def scanned_by(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Configure a scanner."""
    key_store()

    def configure(address: str) -> None:
        changed = {"clamav": address, "data_folder": tmp_path}
        monkeypatch.setattr(settings, "FOREBYG", settings.FOREBYG.model_copy(update=changed))

    return configure


def test_a_harmless_file_is_taken_in_and_marked_as_looked_at(clamd: str, scanned_by: object) -> None:
    scanned_by(clamd)  # type: ignore[operator]
    file = incoming(a_pdf("Side"), "brev.pdf")
    assert (file.refusal, file.is_scanned) == (None, True)


def test_a_harmful_file_is_refused(clamd: str, scanned_by: object) -> None:
    scanned_by(clamd)  # type: ignore[operator]
    file = incoming(HARMFUL, "note.txt")
    assert isinstance(file.refusal, refusals.Infected)
    assert "ikke gemt" in file.refusal.sentence


def test_a_file_that_the_scanner_does_not_take_is_refused(clamd: str, scanned_by: object) -> None:
    scanned_by(clamd)  # type: ignore[operator]
    assert isinstance(incoming(b"tekst " * 1_000_000, "note.txt").refusal, refusals.TooLargeForScanner)


def test_when_the_scanner_is_not_there_nothing_is_taken_in(tmp_path: Path, scanned_by: object) -> None:
    for address in (f"unix:{tmp_path}/nobody", "tcp://127.0.0.1:1"):
        scanned_by(address)  # type: ignore[operator]
        assert isinstance(incoming(a_pdf("Side"), "brev.pdf").refusal, refusals.ScannerUnavailable)
        assert not scanning.answers(address)


@pytest.mark.parametrize("answer", [b"", b"stream: Can't allocate memory ERROR\0", b"stream: OK, perhaps\0", b"OK\0"])
def test_only_a_clear_yes_is_a_yes(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_say, args=(server, answer))
        thread.start()
        with pytest.raises(refusals.ScannerUnavailable):
            scanning.scan(f"tcp://127.0.0.1:{server.getsockname()[1]}", [b"x"])
        thread.join()


def _say(server: socket.socket, answer: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        received = b""
        while not received.endswith(b"\0\0\0\0"):
            received += connection.recv(4096)
        assert received == b"zINSTREAM\0" + b"\0\0\0\x01x" + b"\0\0\0\0"
        connection.sendall(answer)


@pytest.mark.parametrize("address", ["/run/clamd", "tcp://localhost", "tcp://:3310", "http://localhost:3310", "unix:socket"])
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="unix:/run/clamav"):
        Installation(clamav=address)
    for good in ("", "unix:/run/clamav/clamd.ctl", "tcp://scanner.example:3310"):
        assert Installation(clamav=good).clamav == good
