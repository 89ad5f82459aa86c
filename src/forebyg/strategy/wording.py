"""The fixed words of a pack as a person reads them, in the language of the page."""

from __future__ import annotations

import datetime

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from forebyg.strategy.schema import Text
from forebyg.strategy.schema.parts import AgeLimit
from forebyg.strategy.schema.targets import Period, Population, Target, Threshold

STATUS: dict[str, str | Promise] = {
    "running": _("I gang"),
    "starting": _("Starter op"),
    "running-or-starting": _("I gang eller på vej"),
    "exploratory": _("Undersøges"),
}
DIRECTION: dict[str, str | Promise] = {
    "up": _("Skal stige"),
    "down": _("Skal falde"),
    "ambiguous-long-term-down": _("Ikke entydig; ventes at falde på længere sigt"),
}
CADENCE: dict[str, str | Promise] = {
    "annual": _("Hvert år"),
    "half-yearly": _("Hvert halve år"),
    "quarterly": _("Hvert kvartal"),
    "monthly": _("Hver måned"),
}
TARGET_KIND: dict[str, str | Promise] = {
    "outcome-target": _("Mål for udbyttet"),
    "service-norm": _("Normer"),
    "capacity": _("Kapacitet"),
    "expected-volume": _("Forventet omfang"),
    "deadline": _("Frister"),
    "eligibility": _("Hvem tilbuddet er for"),
}
CONSENT: dict[str, str | Promise] = {
    "not-required": _("Kræver ikke samtykke"),
    "required-unless-exception": _("Kræver samtykke, medmindre en undtagelse gælder"),
    "required-for-measures": _("Tiltag kræver samtykke"),
    "per-provision": _("Afhænger af den enkelte bestemmelse"),
}


def say(text: Text) -> str:
    """A bilingual text in the language of the page."""
    return text.in_language(get_language() or "da")


def threshold_text(threshold: Threshold) -> str:
    """`mindst 60 pct.`, `20–30 personer`, `ca. 125 medarbejdere`; a milestone is `skal være nået`."""
    if threshold.value is None or threshold.unit is None:
        return gettext("skal være nået")
    unit = say(threshold.unit)
    amount = f"{threshold.value}–{threshold.upper} {unit}" if threshold.upper is not None else f"{threshold.value} {unit}"
    words = {
        ">=": gettext("mindst %(amount)s"),
        "<=": gettext("højst %(amount)s"),
        "~": gettext("ca. %(amount)s"),
        "=": "%(amount)s",
        "between": "%(amount)s",
    }
    text = words[threshold.op] % {"amount": amount}
    return gettext("%(text)s som hovedregel") % {"text": text} if threshold.as_a_rule else text


def period_text(period: Period) -> str:
    """`3 og 6 måneder fra det første afslag`, `24, 48 eller 72 timer`."""
    if period.hours:
        length = gettext("%(hours)s timer") % {"hours": _listed(period.hours, gettext("eller"))}
    elif period.months:
        length = ngettext("%(months)s måned", "%(months)s måneder", max(period.months)) % {
            "months": _listed(period.months, gettext("og"))
        }
    else:
        length = ngettext("%(years)s år", "%(years)s år", period.years or 0) % {"years": period.years}
    return gettext("%(length)s fra %(start)s") % {"length": length, "start": say(period.starts)} if period.starts else length


def deadline_text(target: Target) -> str:
    """The date of a deadline, or the words the document has instead; empty when there is none."""
    if target.deadline is not None:
        return formats.date_format(target.deadline, "DATE_FORMAT")
    return say(target.deadline_text) if target.deadline_text else ""


def age_text(limit: AgeLimit) -> str:
    """`under 18 år`, `fra 18 år`."""
    words = {
        "<": gettext("under %(age)s år"),
        "<=": gettext("til og med %(age)s år"),
        ">=": gettext("fra %(age)s år"),
        ">": gettext("over %(age)s år"),
    }
    return words[limit.op] % {"age": limit.value}


def population_text(population: Population) -> str:
    """`18-29-årige` (A-34)."""
    return gettext("%(first)s-%(last)s-årige") % {"first": population.age_min, "last": population.age_max}


def partial_date_text(written: str) -> str:
    """A year, a month or a day as people write it: `2016`, `marts 2016`, `1. februar 2016`."""
    if len(written) == 4:
        return written
    day = datetime.date.fromisoformat(written if len(written) == 10 else f"{written}-01")
    return formats.date_format(day, "DATE_FORMAT" if len(written) == 10 else "YEAR_MONTH_FORMAT")


def _listed(numbers: tuple[int, ...], last_word: str) -> str:
    *first, last = [str(number) for number in numbers]
    return f"{', '.join(first)} {last_word} {last}" if first else last
