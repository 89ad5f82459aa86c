"""Log lines that can hold no personal data: where and what kind, never a value, an address or a message's arguments."""

from __future__ import annotations

import logging


class LineWithoutContent(logging.Formatter):
    """Time, level, logger and the unformatted message; of an exception its type and place, never its text."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, with the frames of an exception below it."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {record.msg if record.args else record.name}"
        if record.exc_info and record.exc_info[0] is not None:
            line += f" {record.exc_info[0].__module__}.{record.exc_info[0].__qualname__}"
            frame = record.exc_info[2]
            while frame is not None:
                line += f"\n    {frame.tb_frame.f_code.co_filename}:{frame.tb_lineno} {frame.tb_frame.f_code.co_name}"
                frame = frame.tb_next
        return line
