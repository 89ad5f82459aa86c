"""Whom a request is about, in the words that the agency asked gets to see: enough to know the person by, and no more."""

from __future__ import annotations

import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from forebyg.people.models import Participant
from forebyg.ui.moments import date


def as_named(person: Participant) -> str:
    """The name and the date of birth as far as they are known; else how the person is called in the case. Kept in the case, so
    in Danish whoever asks."""
    with translation.override("da"):
        name = person.name or person.label or _("Person uden navn")
        if not person.born_on:
            return name
        return _("%(name)s, født %(day)s") % {"name": name, "day": date(datetime.date.fromisoformat(person.born_on))}
