"""Asking a malware scanner, ClamAV's clamd, by its INSTREAM command: the content goes there in chunks and lands on no disk of ours."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterable

from forebyg.cases.documents.refusals import Infected, ScannerUnavailable, TooLargeForScanner

_TO_CONNECT = 5.0  # seconds
_TO_ANSWER = 120.0  # seconds
_LONGEST_ANSWER = 4096


def scan(address: str, chunks: Iterable[bytes]) -> None:
    """Let the scanner at `unix:/path` or `tcp://host:port` look at a content.

    Raises `Infected`; and `ScannerUnavailable` or `TooLargeForScanner` when nobody knows.
    """
    try:
        with contextlib.closing(_connected(address)) as scanner:
            answer = _asked(scanner, chunks)
    except OSError:
        raise ScannerUnavailable from None
    if answer.endswith(b" FOUND"):
        raise Infected
    if b"size limit exceeded" in answer:
        raise TooLargeForScanner
    if answer != b"stream: OK":
        raise ScannerUnavailable


def answers(address: str) -> bool:
    """Whether a scanner is there."""
    try:
        with contextlib.closing(_connected(address)) as scanner:
            scanner.sendall(b"zPING\0")
            return _heard(scanner) == b"PONG"
    except OSError:
        return False


def _connected(address: str) -> socket.socket:
    if address.startswith("unix:"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(_TO_CONNECT)
        try:
            scanner.connect(address.removeprefix("unix:"))
        except OSError:
            scanner.close()
            raise
    else:
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        scanner = socket.create_connection((host.strip("[]"), int(port)), timeout=_TO_CONNECT)
    scanner.settimeout(_TO_ANSWER)
    return scanner


def _asked(scanner: socket.socket, chunks: Iterable[bytes]) -> bytes:
    """Its answer. One that has seen enough closes while we still send, and has said why."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        scanner.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            scanner.sendall(struct.pack("!L", len(chunk)) + chunk)
        scanner.sendall(struct.pack("!L", 0))
    return _heard(scanner)


def _heard(scanner: socket.socket) -> bytes:
    answer = b""
    while len(answer) < _LONGEST_ANSWER and not answer.endswith(b"\0"):
        part = scanner.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n ")
