"""The strategy's example case as deeds of the actions: 28 events at their day offsets, each by the worker whom it falls to.

The words are the pack's own; role labels only. `play` stops after a chosen day, so that the demo can stand in the middle.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

from forebyg.access.models import Agency, Worker
from forebyg.cases.actions import (
    agreeing,
    assessing,
    disclosing,
    documents,
    ending,
    following,
    measures,
    meeting,
    noting,
    opening,
    triage,
)
from forebyg.cases.actions.consenting import record_consent
from forebyg.cases.documents.incoming import brought_in
from forebyg.cases.finding import Terms
from forebyg.cases.models import Agreement, Alarm, Answer, Assessment, CourseEvent, Decision, Item, Meeting
from forebyg.cases.models.record import Forum
from forebyg.cli.scenarios.paper import a_pdf
from forebyg.cli.scenarios.play import Play, Played
from forebyg.cli.scenarios.story import terms_between
from forebyg.cli.stage import Stage
from forebyg.intake.actions import Reporter, note_concern, receive_concern
from forebyg.intake.models import Concern
from forebyg.people.age import StatedAge
from forebyg.people.models import Consent, Participant
from forebyg.sharing.actions import admit, tell
from forebyg.strategy.schema.example import Event
from forebyg.strategy.schema.pack import Pack


class ExamplePlay(Play):
    """Plays the example case of a pack on a stage."""

    def __init__(self, stage: Stage, pack: Pack, *, counts_as_completed: bool) -> None:
        super().__init__(stage, pack.example_case)
        self.counts = counts_as_completed
        self._seats = {agency.actor: agency for agency in Agency.objects.filter(units__pack=pack.meta.id)}
        self.agencies = {actor: agency.id for actor, agency in self._seats.items()}
        self._answers: dict[str, list[str]] = {}

    def witness(self, event: Event) -> str:
        """VINK is admitted at the third event and leads from then on."""
        return "vink" if event.order >= 3 else "dks"

    def deeds(self) -> dict[int, Callable[[Event], None]]:
        """One for each of the 28 events."""
        return {
            1: self._concern_arises,
            2: self._concern_received,
            3: self._unit_discusses,
            4: self._first_assessment,
            5: self._home_visit,
            6: self._notice,
            7: self._influence,
            8: self._second_assessment,
            9: self._offer("far", "foraeldrecoaching", ["far"]),
            10: self._offer("soen", "mentorstoette", ["soen", "far"]),
            11: self._offer("datter", "mentorstoette", ["datter", "far"]),
            12: self._start("far", "coach"),
            13: self._start("soen", "mentor"),
            14: self._start("datter", "mentor-to"),
            15: self._responsibility,
            16: self._missed_meetings,
            17: self._nobody_home,
            18: self._alarm,
            19: self._back,
            20: self._placement,
            21: self._mentors_change_focus,
            22: self._regular_meetings,
            23: self._talks,
            24: self._wellbeing,
            25: self._risk_is_over,
            26: self._on_hold("far"),
            27: self._on_hold("soen", "datter"),
            28: self._hand_over,
        }

    # Steps 1 to 4

    def _concern_arises(self, event: Event) -> None:
        people = {subject.id.removeprefix("case-"): subject for subject in self.example.subjects}
        with self.stage.as_("sof") as (worker, now):
            father = _person(people["far"].name.da, StatedAge.ADULT, is_subject=True, is_guardian=True)
            son = _person("Søn", StatedAge.UNKNOWN, is_subject=True, born_on=self._sixteen())
            reason = people["datter"].reason_involved
            daughter = _person("Datter", StatedAge.MINOR, is_involved=True, because=reason.da if reason else "")
            case = note_concern(
                worker=worker,
                channel=str(event.channel_ref),
                reporter=Reporter(Concern.Reporter.CASEWORKER),
                people=[father, son, daughter],
                observation=_item(Item.Kind.OBSERVATION, event.summary.da, forum="ssp"),
                happened_at=now,
                now=now,
            )
            persons = {"far": father.root, "soen": son.root, "datter": daughter.root}
            self.played = Played(case.id, persons)
            self.played.step_at[1] = case.step
            for parent, child in (("far", "soen"), ("far", "datter")):
                noting.relate(
                    worker=worker,
                    case_id=case.id,
                    from_participant=persons[parent],
                    to_participant=persons[child],
                    kind="parent",
                    has_custody=True,
                    now=now,
                )
            self._admit(
                worker, now, "dks", "dks", "Bekymringen blev set på et besøg, som DKS var med på, og DKS tager den ind."
            )
            self._tell(worker, now, "dks")

    def _concern_received(self, event: Event) -> None:
        with self.stage.as_("dks") as (worker, now):
            receive_concern(
                worker=worker,
                case_id=self._case,
                reported_by=[self.agencies["sof"], self.agencies["dks"]],
                received_at=now,
                now=now,
            )
            assessing.qualify(
                worker=worker,
                case_id=self._case,
                kind="level",
                value="foregribende",
                reason="Støtte til udrejse er udtalt.",
                now=now,
            )
            assessing.qualify(
                worker=worker, case_id=self._case, kind="case-type", value="sagstype-boern", reason="Sønnen er 16 år.", now=now
            )

    def _unit_discusses(self, event: Event) -> None:
        with self.stage.as_("dks") as (worker, now):
            self._admit(worker, now, "sekretariat", "sekretariatet", "Sekretariatet sætter sagen på enhedens dagsorden.")
            self._admit(worker, now, "vink", "vink", "VINK skal med på besøg hos familien og kan tilbyde støtte.")
            opening.change_lead(
                worker=worker,
                case_id=self._case,
                agency_id=self.agencies["vink"],
                reason="VINK leder sagen, fordi støtten til familien ligger dér.",
                now=now,
            )
            assessing.bring_to_unit(worker=worker, case_id=self._case, now=now)
        with self.stage.as_("sof") as (worker, now):
            self._tell(worker, now, "vink")
        self.remember_step(event)
        with self.stage.as_("vink") as (worker, now):
            assessing.record_discussion(
                worker=worker,
                case_id=self._case,
                text=event.summary.da,
                taking_part=[self.agencies[key] for key in ("vink", "dks", "sof", "sekretariatet")],
                happened_at=now,
                now=now,
            )

    def _first_assessment(self, event: Event) -> None:
        self._assess(
            event,
            Assessment.Gate.FIRST,
            Assessment.Result.PROCEED,
            ground="Far og søn har sagt, at de vil rejse til en væbnet gruppe.",
        )

    # Steps 5 and 6

    def _home_visit(self, event: Event) -> None:
        """Without the father it is not recorded, which is tried first (R-052)."""
        self.so_far.refused["visit-without-parent"] = self.stage.refusal_of(
            "dks", lambda worker, now: self._visit(worker, now, event, guardians=[])
        )
        for key in ("dks", "vink"):
            with self.stage.as_(key) as (worker, now):
                visit = self._visit(worker, now, event, guardians=["far"])
                if key == "dks":
                    self.so_far.visit = visit.root
                    tell(
                        worker=worker,
                        case_id=self._case,
                        records=[("cases_meeting", visit.root)],
                        to_agency=self.agencies["vink"],
                        terms=self._terms(worker, "vink"),
                        necessity="VINK var med på besøget og følger op.",
                        now=now,
                    )

        self._report()

    def _report(self) -> None:
        """VINK's own report of the visit, as a document that DKS is told."""
        lines = ("Referat af hjemmebesøget", "Begge fastholdt, at de vil rejse. VINK følger op med samtaler.")
        with self.stage.as_("vink") as (worker, now):
            report = documents.add_document(
                worker=worker,
                case_id=self._case,
                incoming=brought_in(a_pdf(*lines), "Referat af hjemmebesøget.pdf"),
                about=[self._person("far"), self._person("soen")],
                text="Referat af hjemmebesøget",
                forum=Forum.SSP,
                happened_at=now,
                now=now,
            )
            self.so_far.report = report.root
            self._pass_on(worker, now, "cases_document", report.root, ["dks"])

    def _visit(self, worker: Worker, now: datetime.datetime, event: Event, *, guardians: list[str]) -> Meeting:
        return meeting.record_meeting(
            worker=worker,
            case_id=self._case,
            meeting=Meeting(
                kind=Meeting.Kind.HOME_VISIT,
                result=Meeting.Result.HELD,
                joint=self.so_far.visit,
                taking_part=[self.agencies["vink"], self.agencies["dks"]],
                guardians_present=[self._person(key) for key in guardians],
                no_guardian_reason="",
                text=event.summary.da,
            ),
            about=[self._person("far"), self._person("soen")],
            happened_at=now,
            now=now,
        )

    def _notice(self, event: Event) -> None:
        with self.stage.as_("vink") as (worker, now):
            noting.write_decision(
                worker=worker,
                case_id=self._case,
                decision=Decision(kind=Decision.Kind.NOTICE, legal_ref=event.legal_refs[0], text=event.summary.da),
                about=[self._person(key) for key in ("far", "soen", "datter")],
                happened_at=now,
                now=now,
            )

    def _influence(self, event: Event) -> None:
        with self.stage.as_("vink") as (worker, now):
            noting.write_item(
                worker=worker,
                case_id=self._case,
                item=_item(Item.Kind.ASSESSMENT, event.summary.da),
                about=[self._person("soen")],
                happened_at=now,
                now=now,
            )
            noting.relate(
                worker=worker,
                case_id=self._case,
                from_participant=self._person("far"),
                to_participant=self._person("soen"),
                kind="influence",
                now=now,
            )
            noting.write_item(
                worker=worker,
                case_id=self._case,
                item=_item(
                    Item.Kind.OBSERVATION,
                    "Sønnen har en god kontakt til en lærer og taler gerne om fodbold.",
                    weight=Item.Weight.PROTECTIVE,
                ),
                about=[self._person("soen")],
                happened_at=now,
                now=now,
            )

    def _second_assessment(self, event: Event) -> None:
        with self.stage.as_("vink") as (worker, now):
            meeting.conclude_meetings(worker=worker, case_id=self._case, now=now)
            assessing.qualify(
                worker=worker,
                case_id=self._case,
                kind="severity",
                value=str(event.severity),
                reason="Udtalt ønske om udrejse; ingen plan kendes.",
                now=now,
            )
            for key in ("far", "soen"):
                assessing.qualify(
                    worker=worker,
                    case_id=self._case,
                    kind="classification",
                    value="at-risk",
                    reason="Udtaler støtte, men har ikke handlet.",
                    about=self._person(key),
                    now=now,
                )
        self._assess(
            event,
            Assessment.Gate.SECOND,
            Assessment.Result.CONFIRMED,
            ground="Begge fastholdt på besøget, at de vil rejse, og sønnen kommer ikke i skole.",
        )
        with self.stage.as_("vink") as (worker, now):
            if event.local_action_required:
                assessing.qualify(
                    worker=worker,
                    case_id=self._case,
                    kind="local-action",
                    value="yes",
                    reason=event.summary.da,
                    happened_at=self.stage.moment(event.day_offset),
                    now=now,
                )

    # Step 7

    def _offer(self, key: str, intervention: str, answered_by: list[str]) -> Callable[[Event], None]:
        def deed(event: Event) -> None:
            with self.stage.as_("vink") as (worker, now):
                offer = measures.make_offer(
                    worker=worker,
                    case_id=self._case,
                    intervention=intervention,
                    to=self._person(key),
                    text=event.summary.da,
                    happened_at=now,
                    now=now,
                )
                self.so_far.offers[key] = offer.root

        self._answers[key] = answered_by
        return deed

    def _start(self, key: str, holder: str) -> Callable[[Event], None]:
        def deed(event: Event) -> None:
            with self.stage.as_("vink") as (worker, now):
                for by in self._answers[key]:
                    measures.answer_offer(
                        worker=worker,
                        case_id=self._case,
                        offer=self.so_far.offers[key],
                        kind=Answer.Kind.ACCEPTED,
                        answered_by=self._person(by),
                        text="",
                        happened_at=now,
                        now=now,
                    )
                course = measures.start_course(
                    worker=worker,
                    case_id=self._case,
                    offer=self.so_far.offers[key],
                    holder_id=self._worker_id(holder),
                    happened_at=now,
                    now=now,
                )
                self.so_far.courses[key] = course.root

        return deed

    def _responsibility(self, event: Event) -> None:
        with self.stage.as_("sof") as (worker, now):
            taken = triage.take_responsibility(
                worker=worker,
                case_id=self._case,
                text=event.summary.da,
                happened_at=self.stage.moment(event.day_offset),
                now=now,
            )
            self._admit(worker, now, "skole", "skolesystemet", "Skolen skal følge fremmødet og være med om møderne.")
            self._pass_on(worker, now, "cases_decision", taken.root, ["vink", "skolesystemet"])
            tell(
                worker=worker,
                case_id=self._case,
                records=[("people_participant", self._person(key)) for key in ("soen", "datter")],
                to_agency=self.agencies["skolesystemet"],
                terms=self._terms(worker, "skolesystemet"),
                necessity="Skolen skal vide, hvilke elever det drejer sig om.",
                now=now,
            )
            for key, holders in (("soen", "mentorkorpset"), ("datter", "mentorkorpset"), ("far", "foraeldrecoaches")):
                self._consent_to_share(worker, now, key, holders, "Den, der har forløbet, må vide, hvem det er med.")
                tell(
                    worker=worker,
                    case_id=self._case,
                    records=[("people_participant", self._person(key))],
                    to_agency=self.agencies[holders],
                    terms=self._terms(worker, holders),
                    necessity="Den, der har forløbet, skal vide, hvem det er med.",
                    now=now,
                )

    # Step 8

    def _missed_meetings(self, event: Event) -> None:
        with self.stage.as_("vink") as (worker, now):
            measures.agree_measures(
                worker=worker,
                case_id=self._case,
                text="Far, søn og datter har sagt ja til hver sit forløb, og socialforvaltningen har ansvaret for den lokale indsats.",
                spoken_with=[self._person(key) for key in ("far", "soen", "datter")],
                taking_part=[self.agencies["vink"], self.agencies["sof"]],
                happened_at=now,
                now=now,
            )
            self._agree(worker, now)
        with self.stage.as_("skole") as (worker, now):
            missed = []
            for number, result in enumerate([Meeting.Result.CANCELLED, Meeting.Result.MISSED][: event.count or 1]):
                missed.append(
                    meeting.record_meeting(
                        worker=worker,
                        case_id=self._case,
                        meeting=Meeting(
                            kind=Meeting.Kind.FOLLOW_UP,
                            result=result,
                            taking_part=[],
                            guardians_present=[],
                            no_guardian_reason="",
                            text=f"{event.summary.da} ({number + 1} af {event.count})",
                        ),
                        about=[self._person("soen")],
                        happened_at=now,
                        now=now,
                    )
                )
            tell(
                worker=worker,
                case_id=self._case,
                records=[("cases_meeting", one.root) for one in missed],
                to_agency=self.agencies["vink"],
                terms=self._terms(worker, "vink"),
                necessity="VINK leder sagen og skal vide, at sønnen ikke kom.",
                now=now,
            )

    def _agree(self, worker: Worker, now: datetime.datetime) -> None:
        """What the son can hold on to; the father was there."""
        agreeing.record_agreement(
            worker=worker,
            case_id=self._case,
            agreement=Agreement(
                taking_part=[self._person("soen"), self._person("far")],
                without_reason="",
                text="Sønnen møder sin mentor hver uge, og mentoren ringer dagen før.",
            ),
            person=self._person("soen"),
            look_on=None,
            happened_at=now,
            now=now,
        )

    def _nobody_home(self, event: Event) -> None:
        self._meet("sof", event, Meeting.Kind.HOME_VISIT, Meeting.Result.NOT_FOUND, ["soen"], to=["vink", "dks"])

    def _alarm(self, event: Event) -> None:
        with self.stage.as_("vink") as (worker, now):
            alarm = noting.raise_alarm(
                worker=worker,
                case_id=self._case,
                kind=Alarm.Kind.DEPARTURE,
                text=event.summary.da,
                about=[self._person("soen")],
                happened_at=now,
                now=now,
            )
            self.so_far.alarm = alarm.root
            tell(
                worker=worker,
                case_id=self._case,
                records=[("cases_alarm", alarm.root)],
                to_agency=self.agencies["dks"],
                terms=self._terms(worker, "dks"),
                necessity="DKS skal kunne handle på frygten for udrejse.",
                now=now,
            )

    def _back(self, event: Event) -> None:
        assert self.so_far.alarm is not None
        with self.stage.as_("vink") as (worker, now):
            for kind, text, source in (
                (Item.Kind.CLAIM, event.claim, Item.Source.CITIZEN),
                (Item.Kind.ASSESSMENT, event.assessment, Item.Source.OWN_WORK),
            ):
                assert text is not None
                noting.write_item(
                    worker=worker,
                    case_id=self._case,
                    item=_item(kind, text.da, source=source, weight=Item.Weight.NEUTRAL),
                    about=[self._person("soen")],
                    happened_at=now,
                    now=now,
                )
            end = noting.end_alarm(
                worker=worker, case_id=self._case, alarm=self.so_far.alarm, text=event.summary.da, happened_at=now, now=now
            )
            tell(
                worker=worker,
                case_id=self._case,
                records=[("cases_alarmend", end.root)],
                to_agency=self.agencies["dks"],
                terms=self._terms(worker, "dks"),
                necessity="DKS skal vide, at frygten for udrejse er afklaret.",
                now=now,
            )

    def _placement(self, event: Event) -> None:
        with self.stage.as_("vink") as (worker, now):
            self._admit(worker, now, "jobcenter", "jobcenteret", "Jobcentret skaffer faren en praktikplads.")
            tell(
                worker=worker,
                case_id=self._case,
                records=[("cases_course", self.so_far.courses["far"])],
                to_agency=self.agencies["jobcenteret"],
                terms=self._terms(worker, "jobcenteret"),
                necessity="Praktikken skal passe med coachforløbet.",
                now=now,
            )
        with self.stage.as_("sof") as (worker, now):
            self._consent_to_share(worker, now, "far", "jobcenteret", "Jobcenteret må vide, hvem praktikken er til.")
            tell(
                worker=worker,
                case_id=self._case,
                records=[("people_participant", self._person("far"))],
                to_agency=self.agencies["jobcenteret"],
                terms=self._terms(worker, "jobcenteret"),
                necessity="Jobcentret skal vide, hvem praktikken er til.",
                now=now,
            )
        self._decide("jobcenter", event, Decision.Kind.MEASURE, ["far"], to=["vink"])

    def _mentors_change_focus(self, event: Event) -> None:
        for key, mentor in (("soen", "mentor"), ("datter", "mentor-to")):
            with self.stage.as_(mentor) as (worker, now):
                measures.log_course(
                    worker=worker,
                    case_id=self._case,
                    course=self.so_far.courses[key],
                    kind=CourseEvent.Kind.FOCUS,
                    text=event.summary.da,
                    happened_at=now,
                    now=now,
                )

    def _regular_meetings(self, event: Event) -> None:
        self._meet("sof", event, Meeting.Kind.FOLLOW_UP, Meeting.Result.HELD, ["far"], to=["vink"])
        with self.stage.as_("sof") as (worker, now):
            # Social services' own business: told to nobody.
            noting.write_item(
                worker=worker,
                case_id=self._case,
                item=_item(
                    Item.Kind.STATEMENT,
                    "Faren spurgte om hjælp til huslejen. Det hører til i hans egen sag hos os.",
                    source=Item.Source.CITIZEN,
                    weight=Item.Weight.NEUTRAL,
                ),
                about=[self._person("far")],
                happened_at=now,
                now=now,
            )

    def _talks(self, event: Event) -> None:
        with self.stage.as_("coach") as (worker, now):
            measures.log_course(
                worker=worker,
                case_id=self._case,
                course=self.so_far.courses["far"],
                kind=CourseEvent.Kind.SESSION,
                text=event.summary.da,
                happened_at=now,
                now=now,
            )

    def _wellbeing(self, event: Event) -> None:
        self._decide("sof", event, Decision.Kind.PROGRESS, ["far", "soen", "datter"], to=["vink"])
        with self.stage.as_("vink") as (worker, now):
            following.record_unit_follow_up(
                worker=worker,
                case_id=self._case,
                text="Enheden gennemgik indsatsen. Den fortsætter, til børnenes skolegang er sikker.",
                taking_part=[self.agencies["vink"], self.agencies["sof"]],
                happened_at=now,
                now=now,
            )

    def _risk_is_over(self, event: Event) -> None:
        self._assess(event, Assessment.Gate.FINAL, Assessment.Result.DEALT_WITH, ground="")

    # Step 9

    def _on_hold(self, *keys: str) -> Callable[[Event], None]:
        def deed(event: Event) -> None:
            for key in keys:
                with self.stage.as_("vink") as (worker, now):
                    measures.change_course(
                        worker=worker,
                        case_id=self._case,
                        course=self.so_far.courses[key],
                        kind=CourseEvent.Kind.ON_HOLD,
                        text=event.summary.da,
                        counts_as_completed=self.counts,
                        happened_at=now,
                        now=now,
                    )

        return deed

    def _hand_over(self, event: Event) -> None:
        self.remember_step(event)
        with self.stage.as_("vink") as (worker, now):
            ending.close_case(
                worker=worker,
                case_id=self._case,
                hand_over=True,
                text=event.summary.da,
                journal_number="2016-000000",
                closed_there_on=now.date(),
                happened_at=now,
                now=now,
            )

    # What several events share

    @property
    def _case(self) -> uuid.UUID:
        return self.so_far.case_id

    def _person(self, key: str) -> uuid.UUID:
        return self.so_far.persons[key]

    def _worker_id(self, key: str) -> uuid.UUID:
        return self.stage.worker_id(key)

    def _sixteen(self) -> str:
        """A date of birth that makes the son 16 for the whole case."""
        born = self.stage.start.date() - datetime.timedelta(days=16 * 365 + 34)
        return born.isoformat()

    def _assess(self, event: Event, gate: str, result: str, *, ground: str) -> None:
        self.remember_step(event)
        with self.stage.as_("vink") as (worker, now):
            assessing.assess(
                worker=worker,
                case_id=self._case,
                gate=gate,
                results={self._person("far"): result, self._person("soen"): result},
                ground=ground,
                reason=event.summary.da,
                taking_part=[self.agencies[key] for key in ("vink", "dks", "sof", "sekretariatet")],
                happened_at=now,
                now=now,
            )

    def _meet(self, by: str, event: Event, kind: str, result: str, about: list[str], *, to: list[str]) -> None:
        with self.stage.as_(by) as (worker, now):
            held = meeting.record_meeting(
                worker=worker,
                case_id=self._case,
                meeting=Meeting(
                    kind=kind, result=result, taking_part=[], guardians_present=[], no_guardian_reason="", text=event.summary.da
                ),
                about=[self._person(key) for key in about],
                happened_at=now,
                now=now,
            )
            self._pass_on(worker, now, "cases_meeting", held.root, to)

    def _decide(self, by: str, event: Event, kind: str, about: list[str], *, to: list[str]) -> None:
        with self.stage.as_(by) as (worker, now):
            decision = noting.write_decision(
                worker=worker,
                case_id=self._case,
                decision=Decision(kind=kind, legal_ref=event.legal_refs[0] if event.legal_refs else "", text=event.summary.da),
                about=[self._person(key) for key in about],
                happened_at=now,
                now=now,
            )
            self._pass_on(worker, now, "cases_decision", decision.root, to)

    def _pass_on(self, worker: Worker, now: datetime.datetime, table: str, root: uuid.UUID, to: list[str]) -> None:
        for actor in to:
            tell(
                worker=worker,
                case_id=self._case,
                records=[(table, root)],
                to_agency=self.agencies[actor],
                terms=self._terms(worker, actor),
                necessity="Modtageren arbejder med samme familie og skal kende det.",
                now=now,
            )

    def _admit(self, worker: Worker, now: datetime.datetime, contact: str, actor: str, necessity: str) -> None:
        admit(
            worker=worker,
            case_id=self._case,
            agency_id=self.agencies[actor],
            contact_id=self._worker_id(contact),
            terms=self._terms(worker, actor),
            necessity=necessity,
            now=now,
        )

    def _consent_to_share(self, worker: Worker, now: datetime.datetime, key: str, actor: str, text: str) -> None:
        """The yes of the person, and of the father for his children, to telling one agency who they are."""
        for by in dict.fromkeys([key, "far"]):
            record_consent(
                worker=worker,
                case_id=self._case,
                consent=Consent(
                    kind=Consent.Kind.SHARE,
                    person=self._person(key),
                    answered_by=self._person(by),
                    answer=Consent.Answer.GIVEN,
                    recipient=self.agencies[actor],
                    text=text,
                ),
                happened_at=now,
                now=now,
            )

    def _terms(self, worker: Worker, actor: str) -> Terms:
        return terms_between(worker.agency, self._seats[actor])

    def _tell(self, worker: Worker, now: datetime.datetime, actor: str) -> None:
        """Disclose all of the worker's own records about the persons of the case so far; never who reported."""
        told = [
            (table, root)
            for table, model in disclosing.record_kinds().items()
            for root in model.objects.visible_to(worker)
            .filter(matter__case=self._case, owner=worker.agency_id)
            .values_list("root", flat=True)
        ]
        tell(
            worker=worker,
            case_id=self._case,
            records=told,
            to_agency=self.agencies[actor],
            terms=self._terms(worker, actor),
            necessity="Modtageren skal kende bekymringen for at kunne vurdere den.",
            now=now,
        )


def _person(
    label: str,
    stated_age: str,
    *,
    is_subject: bool = False,
    is_guardian: bool = False,
    is_involved: bool = False,
    born_on: str = "",
    because: str = "",
) -> Participant:
    return Participant(
        label=label,
        name="",
        cpr="",
        born_on=born_on,
        stated_age=stated_age,
        municipality="København",
        is_subject=is_subject,
        is_guardian=is_guardian,
        is_involved=is_involved,
        involved_because=because,
    )


def _item(
    kind: str,
    text: str,
    *,
    source: str = Item.Source.OWN_WORK,
    weight: str = Item.Weight.RISK,
    forum: str = "own",
) -> Item:
    return Item(
        kind=kind,
        source=source,
        reliability=Item.Reliability.FIRST_HAND,
        weight=weight,
        forum=forum,
        text=text,
        correction_reason="",
    )
