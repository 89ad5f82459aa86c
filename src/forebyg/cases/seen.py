"""A case as one worker sees it in one request: how far the worker's view goes, and who is who in what is shown."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Worker
from forebyg.access.reach import reach_of
from forebyg.access.records import Record
from forebyg.cases import wording
from forebyg.cases.known import Known, asked_of
from forebyg.cases.marks import FOR
from forebyg.cases.models import Case
from forebyg.cases.queries import has_whole, subjects_first
from forebyg.cases.states import Outcome
from forebyg.people.models import Participant
from forebyg.people.participants import age_of, is_minor
from forebyg.store.sealed import open_sealed
from forebyg.store.together import Question, ask
from forebyg.strategy.glossary import Glossary
from forebyg.strategy.schema import Pack

_NAMES = "SELECT id, name, agency_id FROM access_worker WHERE id = ANY (%s::uuid[])"


@dataclass
class SeenCase:
    """What several parts of a page ask for is read once."""

    request: WorkerRequest
    case: Case
    _workers: dict[uuid.UUID, tuple[str, uuid.UUID]] = field(default_factory=dict, init=False)

    @property
    def worker(self) -> Worker:
        """Who looks."""
        return self.request.worker

    @property
    def now(self) -> datetime.datetime:
        """The moment of the request."""
        return self.request.moment

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case.matter.reference

    @cached_property
    def is_whole(self) -> bool:
        """Whether the worker's need to know covers the whole matter, not single persons."""
        return has_whole(self.worker, self.case)

    @cached_property
    def is_frame(self) -> bool:
        """Whether nothing but the frame is left for this worker (R-060)."""
        return not self.is_whole and self.case.matter_id not in reach_of(self.worker).partial

    @property
    def is_with_police(self) -> bool:
        """Whether the police handed the case to PET."""
        return self.case.outcome == Outcome.HANDED_TO_PET

    @property
    def pack(self) -> Pack:
        """The strategy of the unit."""
        return self.known.pack

    @cached_property
    def glossary(self) -> Glossary:
        """The definitions that the page uses (R-176)."""
        return Glossary(self.pack, get_language() or "da")

    # What is known

    @cached_property
    def known(self) -> Known:
        """What every tab shows around its content."""
        return Known(*ask(*asked_of(self.worker, self.case)))

    def together(self, *questions: Question[Any]) -> list[Any]:
        """The answers to a tab's own questions; what every tab needs is asked in the same message."""
        if "known" in self.__dict__:
            return ask(*questions)
        common = asked_of(self.worker, self.case)
        answers = ask(*common, *questions)
        self.__dict__["known"] = Known(*answers[: len(common)])
        return answers[len(common) :]

    # Who is who

    @cached_property
    def people(self) -> list[Participant]:
        """The persons that the worker sees, subjects first."""
        open_sealed(self.known.people)
        return subjects_first(self.known.people)

    @cached_property
    def subjects(self) -> list[Participant]:
        """Those whom the concern is about."""
        return [person for person in self.people if person.is_subject]

    @cached_property
    def _labels(self) -> dict[uuid.UUID, str]:
        return {person.root: person.label or gettext("Person uden betegnelse") for person in self.people}

    def labels(self, roots: Iterable[uuid.UUID]) -> str:
        """Those of these persons that the worker sees: `Far og Søn`."""
        return wording.listed(self._labels[root] for root in roots if root in self._labels)

    def age(self, person: Participant) -> str:
        """`16 år`, or what is known instead; empty when nothing is."""
        today = timezone.localdate(self.now)
        years = age_of(person, today)
        if years is not None:
            return ngettext("%(years)s år", "%(years)s år", years) % {"years": years}
        minor = is_minor(person, today)
        return "" if minor is None else gettext("under 18 år") if minor else gettext("18 år eller derover")

    @cached_property
    def _agencies(self) -> dict[uuid.UUID, str]:
        return {agency.id: agency.name for agency in self.known.agencies}

    def agency(self, id: uuid.UUID) -> str:
        """The name of an agency."""
        return self._agencies.get(id) or gettext("en anden myndighed")

    def agencies(self, ids: Iterable[uuid.UUID]) -> str:
        """Names of agencies: `DKS og VINK`."""
        return wording.listed(sorted(self.agency(id) for id in ids))

    def know(self, *pages: Iterable[Record], workers: Iterable[uuid.UUID | None] = ()) -> None:
        """Read the names of those who wrote these records, and of further workers, in one query."""
        ids = {row.author_id for page in pages for row in page} | {id for id in workers if id is not None}
        (known,) = ask(Question(_NAMES, [list(ids)], list))
        self._workers |= {id: (name, agency) for id, name, agency in known}

    def name(self, id: uuid.UUID | None) -> str:
        """A worker's name and agency; `know` comes first."""
        if id not in self._workers:
            return ""
        name, agency = self._workers[id]
        return f"{name}, {self.agency(agency)}"

    def author(self, row: Record) -> str:
        """Who wrote a record, and for which agency; `know` comes first."""
        return self.name(row.author_id) or self.agency(row.owner_id)

    def provenance(self, row: Record) -> list[str]:
        """Who owns a record, who else reads it, and who wrote it; `know` comes first."""
        said = [gettext("Ejer: %(agency)s") % {"agency": self.agency(row.owner_id)}, self.sharing(row)]
        if row.author_id in self._workers:
            said.append(gettext("Skrevet af %(name)s") % {"name": self._workers[row.author_id][0]})
        return said

    def marks(self, root: uuid.UUID) -> list[str]:
        """What the information carries from where it came: `Ikke til efterforskning`, `Kun i SSP`."""
        return [wording.mark(one) for one in self.known.marks.get(root, ()) if not one.startswith(FOR)]

    def purposes(self, root: uuid.UUID) -> str:
        """What others told us this for, in the middle of a sentence; empty for what is our own."""
        told_for = [one.removeprefix(FOR) for one in self.known.marks.get(root, ()) if one.startswith(FOR)]
        return wording.listed(wording.uncapitalised(str(wording.PURPOSE.get(one, one))) for one in told_for)

    def is_own(self, row: Record) -> bool:
        """Whether the record belongs to the worker's agency."""
        return bool(row.owner_id == self.worker.agency_id)

    def sharing(self, row: Record) -> str:
        """Who else reads a record. Of what another agency told us it says that we read it and for what, and nothing of others."""
        if not self.is_own(row):
            told_for = self.purposes(getattr(row, "record_root", row.root))
            return gettext("Delt med os, kun til: %(purpose)s") % {"purpose": told_for} if told_for else gettext("Delt med os")
        if not row.is_disclosed:
            return gettext("Kun os")
        return gettext("Delt med %(agencies)s") % {"agencies": self.agencies(row.readers[1:])}
