"""Third persons: what is told of somebody names nobody else, neither a sibling nor who reported (R-221).

Whoever is to be told knows some persons of the case already; everybody else in it is a third person there. What identifies a third
person (a name, a CPR number) never leaves; how a third person is spoken of (`Søster`) is pointed out, for only a human can tell
whether `far` is this father. What names others is told as an extract: an item of its own, without them.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.records import Record
from forebyg.cases import wording
from forebyg.cases.models import Case, Document
from forebyg.cases.queries import participants_of
from forebyg.cases.versions import earlier_versions
from forebyg.core.errors import RuleBroken
from forebyg.people.models import Participant
from forebyg.store.sealed import open_sealed, sealed_fields
from forebyg.ui.moments import short_date

LEFT_OUT = "[…]"
"""Stands in an extract where a third person was named."""

_OWN_IDENTITY = frozenset({"name", "label", "cpr", "born_on"})
"""What a participant's own record tells of that participant."""
_SHORTEST = 2
"""Letters of a name's part; an initial identifies nobody."""

NamesOf = Callable[[Worker, Case], Iterable[str]]
_more_names: list[NamesOf] = []


def register_names(names: NamesOf) -> None:
    """For rooms above, in `AppConfig.ready()`: the names of those who are in no one's case, but in its papers: who reported."""
    _more_names.append(names)


class NamesOthers(RuleBroken):
    """A text names somebody whom it is not about and whom the recipient does not know."""

    code = "names-others"

    def __init__(self, what: str) -> None:
        super().__init__(
            _(
                "»%(what)s« nævner en anden person ved navn eller CPR-nummer. Skriv et uddrag uden den anden, og brug uddraget i stedet."
            )
            % {"what": what}
        )


@dataclass(frozen=True)
class ThirdPersons:
    """Those who are not to be known from what is told: what identifies them, and how they are spoken of."""

    identities: tuple[re.Pattern[str], ...]
    labels: tuple[re.Pattern[str], ...]

    def are_named_in(self, texts: Iterable[str]) -> bool:
        """Whether one of the texts identifies one of them."""
        return any(one.search(text) for text in texts for one in self.identities)

    def are_spoken_of_in(self, texts: Iterable[str]) -> bool:
        """Whether one of the texts seems to speak of one of them."""
        return any(one.search(text) for text in texts for one in (*self.identities, *self.labels))

    def left_out_of(self, text: str) -> str:
        """The text with a mark in each place where one of them is named or seems to be spoken of."""
        for one in (*self.identities, *self.labels):
            text = one.sub(LEFT_OUT, text)
        return text


def third_persons(worker: Worker, case: Case, *, but: Iterable[uuid.UUID]) -> ThirdPersons:
    """Everybody in the case and its papers but these participants, as far as the worker's agency knows them."""
    known = set(but)
    people = participants_of(worker, case)
    own = {word for one in people if one.root in known for word in _words(one.name)}
    others = [one for one in people if one.root not in known]
    names = [one.name or "" for one in others] + [name for find in _more_names for name in find(worker, case)]
    parts = {word for name in names for word in _words(name)} - own
    labels = {one.label for one in others if one.label} - {one.label for one in people if one.root in known}
    return ThirdPersons(
        identities=(*map(_whole_name, sorted(parts, key=len, reverse=True)), *(_number(one.cpr) for one in others if one.cpr)),
        labels=tuple(map(_whole_label, sorted(labels, key=len, reverse=True))),
    )


def check_names_no_others(worker: Worker, case: Case, rows: Iterable[Record], *, to_agency: uuid.UUID) -> None:
    """Raise `NamesOthers` when a record of one's own agency, or an earlier version that its reader will see, identifies somebody
    whom it is not about and of whom that agency has not been told."""
    for row, named in _told_to(worker, case, rows, to_agency):
        if named.are_named_in(_texts(worker, case, row)):
            raise NamesOthers(name_of(row))


def spoken_of(worker: Worker, case: Case, rows: Iterable[Record], *, to_agency: uuid.UUID) -> list[str]:
    """What among these records seems to speak of third persons, or can't be looked through: for a human to look at."""
    told = _told_to(worker, case, rows, to_agency)
    return [
        name_of(row) for row, named in told if isinstance(row, Document) or named.are_spoken_of_in(_texts(worker, case, row))
    ]


def name_of(row: Record) -> str:
    """`Oplysning fra 23. november 2026`."""
    kind = str(wording.RECORD[row._meta.db_table])
    return _("%(kind)s fra %(day)s") % {"kind": kind, "day": short_date(row.happened_at)}


def _told_to(worker: Worker, case: Case, rows: Iterable[Record], to_agency: uuid.UUID) -> list[tuple[Record, ThirdPersons]]:
    rows = list(rows)
    open_sealed(rows)
    people = participants_of(worker, case)
    met = {one.root for one in people if to_agency in one.readers}
    met |= {row.root for row in rows if isinstance(row, Participant)}
    subjects = {one.root for one in people if one.is_subject}
    seen: dict[frozenset[uuid.UUID], ThirdPersons] = {}
    told = []
    for row in rows:
        but = frozenset(met | (set(row.about) or subjects))
        if but not in seen:
            seen[but] = third_persons(worker, case, but=but)
        told.append((row, seen[but]))
    return told


def _texts(worker: Worker, case: Case, row: Record) -> list[str]:
    """What a reader of the record will read of it."""
    earlier = [one for one in earlier_versions(worker, case, [row]) if set(one.about) <= set(row.about)]
    return [text for one in (row, *earlier) for text in words_of(one)]


def words_of(row: Record) -> list[str]:
    """The texts of an opened record; of a participant, those that do not tell who it is."""
    skipped = _OWN_IDENTITY if isinstance(row, Participant) else frozenset[str]()
    return [text for field in sealed_fields(type(row)) if field not in skipped and (text := getattr(row, field))]


def _words(name: str | None) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_][\w'’-]*", name or "") if len(word) >= _SHORTEST]


def _whole_name(word: str) -> re.Pattern[str]:
    """As it is written, also in the genitive: names are spelt with a capital, and `bo` is no name."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?:['’]?s)?(?!\w)")


def _whole_label(label: str) -> re.Pattern[str]:
    """Also with an ending: `Søster`, `søsteren`, `søsters`."""
    return re.compile(rf"(?<!\w){re.escape(label)}(?:e?[nt]s?|e?s)?(?!\w)", re.IGNORECASE)


def _number(cpr: str) -> re.Pattern[str]:
    digits = re.sub(r"\D", "", cpr)
    return re.compile(rf"(?<!\d){digits[:6]}[ -]?{digits[6:]}(?!\d)")
