"""A case that is brought to any step through the actions themselves, and the cast that acts in it.

Who acts does so in a request of its own: the reach is read anew, and the clock has moved a second on.
"""

from __future__ import annotations

import contextlib
import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypedDict

import pytest
from conftest import as_owner
from django.db import connection, transaction

from forebyg.access.models import Admission, Grant, Worker
from forebyg.access.reach import forget_reach
from forebyg.access.records import Record
from forebyg.audit.models import Event
from forebyg.cases.actions import assessing, disclosing, ending, following, measures, meeting, noting, opening
from forebyg.cases.finding import DEMO
from forebyg.cases.models import Assessment, Case, CaseMove, Decision, Fact, Item, Meeting, TimelineEntry
from forebyg.cases.queries import fetch_case, records_of
from forebyg.cases.states import Step
from forebyg.core.errors import ForebygError
from forebyg.intake.actions import Reporter, note_concern, receive_concern
from forebyg.intake.models import Concern
from forebyg.law import Exchange, Finding, Party, Subject, load_law
from forebyg.people.models import Participant
from forebyg.store.identity import act_as


def a_finding(forum: str = "ssp", **values: Any) -> Finding:
    """What the law of today says of social services that tell the police of someone of 16, in a cooperation if nothing else is
    said; every provision is signed as the demo signs it."""
    given: dict[str, Any] = {
        "from_": Party(kind="social-services", controller="a", forums=("ssp", "psp", "ksp")),
        "to": Party(kind="police", controller="b", forums=("ssp", "psp", "ksp")),
        "subject": Subject(age=16, custody="released", standing="at-risk", exposed=True),
        "purpose": "crime-prevention",
        "categories": ("private",),
        "moment": datetime.date(2026, 11, 23),
    }
    return load_law("dk-2026").signed_throughout(DEMO).judge(Exchange(forum=forum, **given | values))


SSP_115 = a_finding()
CHANNEL = "direkte-til-vink"


class Acting(TypedDict):
    """What every action asks for."""

    worker: Worker
    case_id: uuid.UUID
    now: datetime.datetime


def a_person(label: str, **values: Any) -> Participant:
    """A participant by a role label: a subject of known age if nothing else is said."""
    given = {"name": "", "cpr": "", "born_on": "", "stated_age": "adult", "involved_because": "", "municipality": "København"}
    if not values.keys() & {"is_subject", "is_guardian", "is_involved"}:
        given["is_subject"] = True  # type: ignore[assignment]
    return Participant(label=label, **given | values)


def an_item(text: str = "Den unge viser videoer frem i klassen.", **values: Any) -> Item:
    """An item of information: a first-hand observation if nothing else is said."""
    given = {"kind": "observation", "source": "own-work", "reliability": "first-hand", "weight": "risk", "forum": "own"}
    return Item(text=text, correction_reason="", **given | values)


def a_meeting(**values: Any) -> Meeting:
    """A home visit that was held, if nothing else is said."""
    given = {"kind": "home-visit", "result": "held", "no_guardian_reason": "", "text": "Familien tog imod besøget."}
    return Meeting(**given | values)


@contextlib.contextmanager
def refused(error: type[ForebygError]) -> Iterator[pytest.ExceptionInfo[ForebygError]]:
    """Expect this very error, with a sentence that can be shown; what was done before it is undone, as in a request."""
    with pytest.raises(error) as caught, transaction.atomic():
        yield caught
    assert type(caught.value) is error
    assert error.__name__ == "NotVisible" or caught.value.sentence.strip()


class Play:
    """A case of VINK's about a son of 16 whose father is the guardian, at a step of one's choice. Guardians are parents of
    those who are none."""

    def __init__(self, cast: dict[str, Worker], people: Mapping[str, Participant] | None = None) -> None:
        self.cast = cast
        self.elapsed = datetime.timedelta()
        self.now = act_as(cast["vink"].id)
        self.people = people or {
            "son": a_person("Søn", born_on=born_years_ago(16, self.now.date())),
            "father": a_person("Far", is_guardian=True),
        }
        worker, now = self.become("vink")
        case = note_concern(
            worker=worker,
            channel=CHANNEL,
            reporter=Reporter(Concern.Reporter.FRONT_STAFF),
            people=self.people.values(),
            observation=an_item(),
            happened_at=now,
            now=now,
        )
        self.case_id, self.matter_id = case.id, case.matter_id
        for guardian in (person for person in self.people.values() if person.is_guardian):
            for child in (person for person in self.people.values() if not person.is_guardian):
                noting.relate(**self.by(), from_participant=guardian.root, to_participant=child.root, kind="parent")

    # Who acts, and when

    def become(self, key: str) -> tuple[Worker, datetime.datetime]:
        """Let a worker of the cast act in a new request, a second later."""
        self.pass_time(seconds=1)
        worker = self.cast[key]
        forget_reach(worker)
        self.now = act_as(worker.id)
        return worker, self.now

    def by(self, key: str = "vink") -> Acting:
        """The first arguments of an action of this worker."""
        worker, now = self.become(key)
        return {"worker": worker, "case_id": self.case_id, "now": now}

    def pass_time(self, **time: float) -> None:
        """Let time go by, as in `pass_time(hours=48)`."""
        self.elapsed += datetime.timedelta(**time)
        self.now += datetime.timedelta(**time)
        with connection.cursor() as cursor:  # as `set_clock` does, in one round trip, for time goes by with every deed
            cursor.execute(
                "SET SESSION AUTHORIZATION forebyg_owner;"
                'UPDATE store_clock_offset SET "offset" = %s;'
                "SET SESSION AUTHORIZATION forebyg_web",
                [self.elapsed],
            )

    # Who and what

    @property
    def subjects(self) -> list[uuid.UUID]:
        """Those whom the concern is about."""
        return [person.root for person in self.people.values() if person.is_subject]

    def person(self, key: str) -> uuid.UUID:
        """A participant's stable id."""
        return self.people[key].root

    def agency(self, key: str) -> uuid.UUID:
        """The agency of a worker of the cast."""
        return self.cast[key].agency_id

    def case(self, key: str = "vink") -> Case:
        """The case as this worker sees it now."""
        worker, _now = self.become(key)
        return fetch_case(worker=worker, case_id=self.case_id)

    @property
    def step(self) -> Step:
        """Where the case stands in the database."""
        with as_owner():
            return Step(Case.objects.values_list("step", flat=True).get(id=self.case_id))

    @property
    def version(self) -> int:
        """How many moves were made."""
        with as_owner():
            return CaseMove.objects.filter(case=self.case_id).count()

    # What was left behind

    def ledger(self, action: str) -> list[Event]:
        """The ledger's events of this matter with this name, as the owner of the database reads them."""
        with as_owner():
            return list(Event.objects.filter(matter_ids__contains=[self.matter_id], action=action).order_by("at", "id"))

    def facts(self, kind: str) -> list[Fact]:
        """The statistical facts of a kind."""
        with as_owner():
            return list(Fact.objects.filter(kind=kind).order_by("id"))

    def timeline(self, key: str = "vink") -> list[TimelineEntry]:
        """The timeline as a worker sees it."""
        worker, _now = self.become(key)
        return records_of(worker, fetch_case(worker=worker, case_id=self.case_id), TimelineEntry)

    def sees(self, key: str, row: Record) -> bool:
        """Whether a worker sees the current version of a record."""
        worker, _now = self.become(key)
        return type(row).objects.visible_to(worker).filter(root=row.root).exists()

    # Other agencies and colleagues

    def admit(self, *keys: str, by: str = "vink") -> None:
        """Admit the agencies of these workers, who become the contacts."""
        for key in keys:
            opening.admit_agency(
                **self.by(by),
                agency_id=self.agency(key),
                contact_id=self.cast[key].id,
                finding=SSP_115,
                necessity="Myndigheden arbejder med familien.",
            )

    def admit_once(self, key: str) -> None:
        """Admit the agency of a worker unless it was admitted before."""
        with as_owner():
            admitted = Admission.objects.filter(matter=self.matter_id, agency=self.agency(key)).exists()
        if not admitted:
            self.admit(key)

    def disclose(self, *rows: Record, to: str, by: str = "vink") -> None:
        """Disclose records to the agency of a worker."""
        disclosing.disclose(
            **self.by(by),
            records=[(row._meta.db_table, row.root) for row in rows],
            to_agency=self.agency(to),
            finding=SSP_115,
            necessity="Modtageren arbejder med samme familie.",
        )

    def grant(self, key: str, *, participant: uuid.UUID | None = None, reason: str = "test") -> Grant:
        """A grant put there by the owner of the database, for what no action gives; admits the agency when it is not."""
        with as_owner():
            admission = {"matter_id": self.matter_id, "agency_id": self.agency(key), "ended_at": None}
            now = self.now
            self._as_vink()
            if not Admission.objects.filter(**admission).exists():
                Admission.objects.create(**admission, admitted_by=self.cast["vink"], admitted_at=now)
            return Grant.objects.create(
                worker=self.cast[key],
                matter_id=self.matter_id,
                participant=participant,
                reason=reason,
                given_by=self.cast["vink"],
                starts_at=now - datetime.timedelta(seconds=1),
                ends_at=now + datetime.timedelta(days=300),
            )

    def _as_vink(self) -> None:
        act_as(self.cast["vink"].id)

    # Along the steps

    def to(self, step: Step) -> Play:
        """Go on to a step by the shortest way. Step 5 admits DKS."""
        while self.step < step:
            self._moves[self.step](self)
        return self

    def receive(self) -> None:
        """Step 2: VINK receives."""
        acting = self.by()
        receive_concern(**acting, received_at=acting["now"])

    def bring(self) -> None:
        """Step 3."""
        assessing.bring_to_unit(**self.by())

    def discuss(self) -> None:
        """Step 4."""
        acting = self.by()
        assessing.record_discussion(
            **acting, text="Enheden drøftede bekymringen.", taking_part=[self.agency("vink")], happened_at=acting["now"]
        )

    def assess(self, gate: str, result: str | Mapping[uuid.UUID, str], *, key: str = "vink", **values: Any) -> Case:
        """An assessment with one result for all subjects, or with one for each."""
        acting = self.by(key)
        results = result if isinstance(result, Mapping) else dict.fromkeys(self.subjects, result)
        given: dict[str, Any] = {
            "ground": "Den unge har sagt, at han vil rejse.",
            "reason": "Enheden er enig om vurderingen.",
            "taking_part": [self.agency("vink")],
            "happened_at": acting["now"],
        }
        return assessing.assess(**acting, gate=gate, results=results, **given | values)

    def meet(self, *, key: str = "vink", about: Iterable[uuid.UUID] | None = None, **values: Any) -> Meeting:
        """A meeting with all subjects, held with DKS and the father."""
        acting = self.by(key)
        given: dict[str, Any] = {"taking_part": [self.agency("dks")], "guardians_present": []}
        if "father" in self.people:
            given["guardians_present"] = [self.person("father")]
        happened_at = values.pop("happened_at", acting["now"])
        return meeting.record_meeting(
            **acting,
            meeting=a_meeting(**given | values),
            about=self.subjects if about is None else about,
            happened_at=happened_at,
        )

    def met(self) -> None:
        """Step 6, after a meeting with DKS."""
        self.admit_once("dks")
        self.meet()
        meeting.conclude_meetings(**self.by())

    def agree(self, *, key: str = "vink", **values: Any) -> Case:
        """What was agreed with all subjects and VINK."""
        acting = self.by(key)
        given: dict[str, Any] = {
            "text": "Familien tager imod støtten.",
            "spoken_with": self.subjects,
            "taking_part": [self.agency("vink")],
            "happened_at": acting["now"],
        }
        return measures.agree_measures(**acting, **given | values)

    def follow_up(self, *, key: str = "vink") -> None:
        """Both tracks of step 8: a meeting with each subject, here one to which nobody came, and the unit's own."""
        self.meet(key=key, kind="follow-up", result="missed", guardians_present=[], taking_part=[])
        self.follow_up_in_unit(key=key)

    def follow_up_in_unit(self, *, key: str = "vink", **values: Any) -> Decision:
        """The unit's track."""
        acting = self.by(key)
        given: dict[str, Any] = {"text": "Det går fremad.", "taking_part": [self.agency("vink")], "happened_at": acting["now"]}
        return following.record_unit_follow_up(**acting, **given | values)

    def deal_with(self) -> Case:
        """Step 9, after both tracks."""
        self.follow_up()
        return self.assess(Assessment.Gate.FINAL, "dealt-with", ground="")

    def close(self, *, key: str = "vink", **values: Any) -> Case:
        """The end, as dealt with."""
        acting = self.by(key)
        given: dict[str, Any] = {
            "hand_over": False,
            "text": "Bekymringen er håndteret.",
            "journal_number": "2016-000001",
            "closed_there_on": None,
            "happened_at": acting["now"],
        }
        return ending.close_case(**acting, **given | values)

    _moves: dict[Step, Callable[[Play], object]] = {
        Step.ARISEN: receive,
        Step.RECEIVED: bring,
        Step.DISCUSSION: discuss,
        Step.FIRST_ASSESSMENT: lambda self: self.assess(Assessment.Gate.FIRST, "proceed"),
        Step.MEETING: met,
        Step.SECOND_ASSESSMENT: lambda self: self.assess(Assessment.Gate.SECOND, "confirmed"),
        Step.MEASURES: agree,
        Step.FOLLOW_UP: deal_with,
        Step.CLOSING: close,
    }


def born_years_ago(years: int, day: datetime.date) -> str:
    """A date of birth that makes this age on the day, and for months before and after."""
    return (day - datetime.timedelta(days=round(years * 365.25) + 180)).isoformat()
