"""A load from one process: so many connections, each sending its next request as soon as the last one is answered."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: *(\d+)")


class UnexpectedAnswerError(Exception):
    """An answer that is not the one that is measured; holds its head."""


@dataclass(frozen=True)
class Load:
    """What was measured: requests a second, and the milliseconds that half of them, and 99 of 100, took at most."""

    requests: int
    rps: float
    p50_ms: float
    p99_ms: float


def measure(
    host: str,
    port: int,
    request: Callable[[int], bytes],
    *,
    connections: int,
    seconds: float,
    status: int = 200,
    warm_up: int = 30,
) -> Load:
    """Send `request(number)` over so many connections for so many seconds. Raises `UnexpectedAnswerError`."""
    for number in range(warm_up):
        _once(host, port, request(number), status)
    taken: list[list[float]] = [[] for _ in range(connections)]
    failed: list[BaseException] = []
    began = time.perf_counter()
    until = began + seconds

    def go(place: int) -> None:
        number = warm_up + place
        try:
            with socket.create_connection((host, port)) as wire:
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while time.perf_counter() < until:
                    asked = time.perf_counter()
                    _ask(wire, request(number), status)
                    taken[place].append(time.perf_counter() - asked)
                    number += connections
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=go, args=[place]) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - began
    if failed:
        raise failed[0]
    times = sorted(one for part in taken for one in part)
    return Load(len(times), len(times) / lasted, _share(times, 0.5), _share(times, 0.99))


def _share(times: list[float], share: float) -> float:
    return 1000 * times[min(int(len(times) * share), len(times) - 1)]


def _once(host: str, port: int, request: bytes, status: int) -> None:
    with socket.create_connection((host, port)) as wire:
        _ask(wire, request, status)


def _ask(wire: socket.socket, request: bytes, status: int) -> None:
    wire.sendall(request)
    answer = bytearray()
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(wire)
    head = bytes(answer[:end])
    if int(head[9:12]) != status:
        raise UnexpectedAnswerError(head.decode(errors="replace"))
    found = _LENGTH.search(head)
    if found is None:
        raise UnexpectedAnswerError("an answer without length: " + head.decode(errors="replace"))
    left = int(found[1]) - (len(answer) - end - 4)
    while left > 0:
        left -= len(_more(wire))


def _more(wire: socket.socket) -> bytes:
    part = wire.recv(65536)
    if not part:
        raise UnexpectedAnswerError("the server closed the connection")
    return part
