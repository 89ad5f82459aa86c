"""Log lines that can hold no personal data: where and what kind, never a value, an address or a message's arguments.

One JSON object a line. `time`, `level`, `logger` and `what` always; `request` is the code that also stands on the error page.
"""

from __future__ import annotations

import datetime
import json
import logging
import logging.config
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from forebyg.ui.request_code import current_code

_OUR_OWN = "forebyg."
_LARGEST_COUNT = 1_000_000  # a larger number may be somebody's


class LineWithoutContent(logging.Formatter):
    """Time, level, logger and the unformatted message; of an exception its type and places, never its text.

    A message without arguments may have been put together before it came here, so of those only our own are trusted
    (ruff's G keeps them whole); for others the place that logged stands in for it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        moment = datetime.datetime.fromtimestamp(record.created, tz=datetime.UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "what": _what(record),
        }
        line |= {name: value for name, value in (*_of_request(record), *_of_job(record), *_of_failure(record)) if value}
        return json.dumps(line, ensure_ascii=False)


def configure(settings: dict[str, Any]) -> None:
    """Set logging up, Python's warnings included: some of them quote values. Django calls it (LOGGING_CONFIG)."""
    logging.config.dictConfig(settings)
    logging.captureWarnings(capture=True)


def _what(record: logging.LogRecord) -> str:
    place = f"{record.module}.{record.funcName}:{record.lineno}"
    if not isinstance(record.msg, str):
        return place
    if record.name.startswith(_OUR_OWN):
        return _with_counts(record.msg, record.args)
    return record.msg if record.args else place


def _with_counts(message: str, arguments: Any) -> str:
    """Our own message with the numbers that it counts; anything else among its arguments is left out."""
    if not arguments or not isinstance(arguments, tuple):
        return message
    shown = tuple(one if isinstance(one, int | float) and abs(one) < _LARGEST_COUNT else "…" for one in arguments)
    try:
        return message % shown
    except (TypeError, ValueError):  # %d of what is no number
        return message


def _of_request(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    request = getattr(record, "request", None)
    yield "request", getattr(request, "code", "") or current_code()
    match = getattr(request, "resolver_match", None)
    yield "route", getattr(match, "view_name", None)
    status = getattr(record, "status_code", None)
    yield "status", status if isinstance(status, int) else None


def _of_job(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    job = getattr(record, "job", None)
    if isinstance(job, dict):
        yield "job", job.get("id")
        yield "task", job.get("task_name")


def _of_failure(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    if record.exc_info and record.exc_info[1] is not None:
        failure = record.exc_info[1]
        yield "error", _name(failure)
        yield "frames", list(_frames(failure.__traceback__))
        if failure.__cause__ is not None:
            yield "cause", _name(failure.__cause__)
            yield "cause_frames", list(_frames(failure.__cause__.__traceback__))


def _name(failure: BaseException) -> str:
    return f"{type(failure).__module__}.{type(failure).__qualname__}"


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next
