"""Dates, moments and lengths of time as a person reads them, in the language of the page."""

from __future__ import annotations

import datetime
from typing import Literal

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Moment = datetime.datetime | datetime.date
Style = Literal["datetime", "short_datetime", "date", "short_date", "time"]

_FORMATS: dict[Style, str] = {
    "datetime": "DATETIME_FORMAT",
    "short_datetime": "SHORT_DATETIME_FORMAT",
    "date": "DATE_FORMAT",
    "short_date": "SHORT_DATE_FORMAT",
    "time": "TIME_FORMAT",
}
_DATE_ONLY: dict[Style, Style] = {"datetime": "date", "short_datetime": "short_date"}


def _local(moment: Moment) -> Moment:
    """The moment in local time (TIME_ZONE); plain dates and naive moments stay as they are."""
    if isinstance(moment, datetime.datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


def written(moment: Moment, style: Style) -> str:
    """The moment in local time as text; a plain date never shows a clock time."""
    if not isinstance(moment, datetime.datetime):
        style = _DATE_ONLY.get(style, style)
    return formats.date_format(_local(moment), _FORMATS[style])


def date(moment: Moment) -> str:
    """23. november 2026"""
    return written(moment, "date")


def short_date(moment: Moment) -> str:
    """23. nov. 2026"""
    return written(moment, "short_date")


def date_and_time(moment: Moment) -> str:
    """23. november 2026 kl. 05.40"""
    return written(moment, "datetime")


def short_date_and_time(moment: Moment) -> str:
    """23. nov. 2026 kl. 05.40"""
    return written(moment, "short_datetime")


def clock_time(moment: datetime.datetime) -> str:
    """05.40"""
    return written(moment, "time")


def near(moment: Moment, now: datetime.datetime) -> str:
    """The moment as said on the day `now`: "I dag kl. 07.30", "I morgen kl. 05.40", "Onsdag kl. 13.00", else the short date."""
    local, today = _local(moment), _local(now)
    day = local.date() if isinstance(local, datetime.datetime) else local
    today = today.date() if isinstance(today, datetime.datetime) else today
    ahead = (day - today).days
    if ahead == 0:
        name = _("I dag")
    elif ahead == 1:
        name = _("I morgen")
    elif ahead == -1:
        name = _("I går")
    elif 1 < ahead < 7:
        name = formats.date_format(day, "l").capitalize()
    else:
        return written(moment, "short_datetime")
    if not isinstance(local, datetime.datetime):
        return name
    return _("%(day)s kl. %(time)s") % {"day": name, "time": written(local, "time")}


def time_tag(moment: Moment, style: Style = "datetime", text: str | None = None) -> SafeString:
    """A `<time datetime=…>` element: machine-readable moment, and `text` or the moment in the given style to read."""
    local = _local(moment)
    stamp = local.isoformat(timespec="minutes") if isinstance(local, datetime.datetime) else local.isoformat()
    return format_html('<time datetime="{}">{}</time>', stamp, written(moment, style) if text is None else text)


def duration(length: datetime.timedelta | int | float) -> str:
    """A length of time (timedelta or seconds, sign ignored) in at most two units: "2 t 10 min", "1 dag 23 t", "6 dage"."""
    seconds = abs(int(length.total_seconds() if isinstance(length, datetime.timedelta) else length))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes = rest // 60
    parts: list[str] = []
    if days:
        parts.append(ngettext("%(n)d dag", "%(n)d dage", days) % {"n": days})
    if hours and days < 3:
        parts.append(_("%(n)d t") % {"n": hours})
    if minutes and not days:
        parts.append(_("%(n)d min") % {"n": minutes})
    return " ".join(parts) or _("under 1 min")
