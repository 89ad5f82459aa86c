"""Telling an invented case: each scene is done by the workers whom it falls to, at its moment."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator

from dateutil.relativedelta import relativedelta

from forebyg.access.models import Worker
from forebyg.cases.actions.opening import reopen_case
from forebyg.cases.actions.triage import explain_breach, pause_clock
from forebyg.cases.finding import Terms
from forebyg.cases.models import Alarm, Answer, Assessment, Clock, Course, CourseEvent, Item, Meeting, Offer, Qualification
from forebyg.cli.scenarios.invented import InventedCase, Offered
from forebyg.cli.scenarios.pace import Pace
from forebyg.cli.scenarios.story import Hand, Story, item, person
from forebyg.cli.stage import Stage
from forebyg.intake.actions import Reporter
from forebyg.people.age import StatedAge
from forebyg.people.models import Participant, Relation

Deed = Callable[[Worker, datetime.datetime], object]
Scenes = Iterator[datetime.datetime]
"""The moments of a case in order; what happens at a moment is done when the next one is asked for."""

# Days of a usual case.
BROUGHT, DISCUSSED, FIRST, MET, CONCLUDED, SECOND, TRIAGED, OFFERED, AGREED, LATER, FINAL, CLOSED = (
    1, 4, 4.1, 10, 12, 13, 13.5, 15, 18, 60, 100, 103,
)  # fmt: skip
_LAST = {
    "arisen": 0,
    "received": 0,
    "discussion": BROUGHT,
    "first": DISCUSSED,
    "meeting": MET,
    "second": CONCLUDED,
    "measures": AGREED,
    "follow-up": LATER,
    "closing": FINAL,
    "dismissed-in-unit": FIRST,
    "dismissed-after-meeting": SECOND,
    "dealt-with": CLOSED,
    "ordinary": CLOSED,
    "pet": CONCLUDED,
}
_TYPES = {"psykiatri": "sagstype-voksne-psykiatri", "crossover": "sagstype-crossover-kriminalitet"}
_HOURS_AGO = {"urgent": 21.0, "breached": 66.0, "explained": 92.0, "paused": 30.0}
_SEVERITY = {"urgent": "high", "breached": "medium", "explained": "low", "paused": "medium", "met": "medium"}
_PAUSED_HOURS_AGO = 19.0
_EXPLAINED_HOURS_AGO = 3.0
_COACH = "foraeldrecoaching"
_A_THIRD = 1 / 3
_MENTORS = ("mentor", "mentor-to")
_DISCUSSIONS = (
    "Enheden drøftede bekymringen. VINK taler med dem, der har set det, før den første vurdering.",
    "Enheden drøftede bekymringen og blev enig om, hvem der undersøger hvad.",
    "Drøftet i enheden. Der mangler viden om fritid og netværk, før bekymringen kan vurderes.",
    "Drøftet i enheden. De deltagende myndigheder deler det, de må, og vender tilbage til næste møde.",
)
_PROCEED = (
    "Bekymringen er ikke afkræftet. Borgeren skal høres.",
    "Det, der er set, kan have flere forklaringer. Borgeren skal mødes, før det kan vurderes.",
    "Oplysningerne peger i hver sin retning. Et møde skal give klarhed.",
)
_CONFIRMED = (
    "Bekymringen er bekræftet på mødet. Borgeren skal tilbydes hjælp.",
    "Udsagnene blev gentaget på mødet, og netværket er lille. Der skal sættes ind lokalt.",
    "Bekymringen er bekræftet. Der er også noget at bygge på, og det skal hjælpen tage udgangspunkt i.",
)
_RESPONSIBILITY = (
    "Socialforvaltningen påtager sig ansvaret for den lokale indsats.",
    "Socialforvaltningen har åbnet en sag og er borgerens ene kontakt.",
)

_AGREED = (
    "Hjælpen er aftalt med borgeren. Socialforvaltningen følger den til dørs og er den ene kontakt.",
    "Borgeren siger nej til noget af det, der er tilbudt. Resten er aftalt, og vi spørger igen senere.",
)
"""What was agreed, and when one of the offers was refused."""
_CHANGED = "Hjælpen er lagt om efter borgerens eget ønske, og alle ved, hvem der gør hvad."


class Telling:
    """One invented case on a stage. The same seed tells the same story."""

    def __init__(self, case: InventedCase, stage: Stage, *, now: datetime.datetime, rng: random.Random) -> None:
        self.case = case
        self.stage = stage
        self.story = Story(stage)
        self.pace = Pace(now=now, days=case.days, last=_LAST[case.until], rng=rng)
        self.rng = rng
        self.owner = case.noted_by or case.entry
        """Who noted the persons, and so owns them."""
        self.guardians = list(case.near) if case.has_minor else []
        self.courses: list[tuple[Offered, Course]] = []
        self.has_secretariat = self._needs_secretariat or rng.random() < _A_THIRD

    def scenes(self) -> Scenes:
        """From the concern to where the case stands today."""
        case, at = self.case, self.pace.day
        yield at(0)
        self.begins()
        if case.until in ("arisen", "received"):
            return
        yield at(BROUGHT)
        self.brought()
        if case.until == "discussion":
            return
        yield at(DISCUSSED)
        self.discussed()
        if case.until == "first":
            return
        yield at(FIRST)
        self.assessed_first()
        if case.until == "dismissed-in-unit":
            return
        yield at(MET)
        self.met()
        if case.until == "meeting":
            return
        yield at(CONCLUDED)
        with self.story.by("dks") as dks:
            if case.until == "pet":
                dks.hand_to_pet(case.pet)
                return
            dks.conclude()
        if case.until == "second":
            return
        yield at(SECOND) if case.clock in (None, "met") else self.pace.before_now(_HOURS_AGO[case.clock] + 1)
        self.assessed_second()
        if case.until != "dismissed-after-meeting":
            yield from self.with_measures()

    def with_measures(self) -> Scenes:
        """Step 7 and on."""
        case, at = self.case, self.pace.day
        if case.clock is not None and case.clock != "met":
            yield from self.clock_of_today()
            return
        yield at(TRIAGED)
        self.triaged()
        yield at(OFFERED)
        self.offered()
        if case.until == "measures":
            return
        yield at(AGREED)
        self.agreed()
        yield at(LATER)
        self.followed_up()
        if case.until == "follow-up":
            return
        yield at(FINAL)
        self.dealt_with()
        if case.until == "closing":
            return
        yield at(CLOSED)
        self.closed()
        if case.reopened:
            yield self.pace.before_now(26)
            self.reopened()

    @property
    def _table(self) -> list[str]:
        """Who sits at the table beside VINK."""
        return ["dks"] if self._meets or "dks" in (self.case.entry, self.owner) else []

    @property
    def _meets(self) -> bool:
        return self.case.until not in ("discussion", "first", "dismissed-in-unit")

    @property
    def _needs_secretariat(self) -> bool:
        return self.case.until in ("discussion", "second", "measures", "closing", "dealt-with", "ordinary")

    # Steps 1 to 4

    def begins(self) -> None:
        """Noted, and taken in by an entry point unless it has only arisen."""
        people = {label: self._subject(label, age) for label, age in self.case.subjects.items()}
        people |= {label: self._near(label) for label in self.case.near}
        forum = "own" if self.owner == "vink" else "ssp"
        self.story.begins(
            self.owner,
            channel=self.case.channel,
            reporter=Reporter(self.case.reporter),
            people=people,
            observation=item(self.case.concern, forum=forum, **self._source()),
        )
        if self.case.until == "arisen":
            with self.story.by(self.owner) as noted:
                noted.admit(self.case.entry, "Bekymringen skal tages imod af en af enhedens indgange.")
                noted.disclose(self.case.entry, noted.own(Participant, Item), "Modtageren skal kende bekymringen.")
            return
        with self.story.by(self.case.entry) as entry:
            entry.receive()

    def brought(self) -> None:
        """Before the unit: those who take part are admitted, and told what they need to know."""
        with self.story.by(self.case.entry) as entry:
            told = entry.own(Participant, Item, Relation)
            if self.has_secretariat:
                entry.qualify(Qualification.Kind.CASE_TYPE, self._case_type(), "Efter alder og det, der er oplyst.")
                entry.admit("sekretariat", "Sekretariatet sætter sagen på enhedens dagsorden.")
            if self.case.entry != "vink":
                entry.admit("vink", "VINK er fast med, når enheden drøfter en bekymring.")
                entry.disclose("vink", told, "VINK skal kende bekymringen for at kunne drøfte den.")
                entry.lead("vink", "VINK leder sagen, fordi tilbuddene til borgeren ligger dér.")
            if self.case.entry != "dks" and (self._meets or self.case.police_note):
                entry.admit("dks", "DKS holder mødet med borgeren.")
                entry.disclose("dks", told[: len(self.story.persons)], "DKS skal vide, hvem mødet er med.")
            if self.case.school:
                entry.admit("skole", "Skolen kender eleven og skal spørges.")
                entry.disclose("skole", told[: len(self.story.persons)], "Skolen skal vide, hvem det drejer sig om.")
            entry.bring()
            if self.case.remember:
                entry.remember(self.case.remember, self._soon(9))
        if self.case.school:
            self._writes("skole", self.case.school)
        if self.case.police_note:
            self._writes("dks", self.case.police_note)
        if self.case.until == "discussion":
            with self.story.by("sekretariat") as secretariat:
                secretariat.remember("Sæt sagen på dagsordenen for enhedens næste møde.", self._soon(6))

    def discussed(self) -> None:
        """The unit's discussion, and what protects, beside what worries."""
        if self.has_secretariat:
            with self.story.by("sekretariat") as secretariat:
                secretariat.answer_contact()
        with self.story.by("vink") as vink:
            if self.case.entry != "vink":
                vink.answer_contact()
            vink.discuss(self.rng.choice(_DISCUSSIONS), "vink", *self._table)
            if self.case.protective:
                vink.write(self.case.protective, *self.case.subjects, weight=Item.Weight.PROTECTIVE)
            if self.case.colleague:
                vink.share("vink-kollega")

    def assessed_first(self) -> None:
        """Dismissed, or on to a meeting."""
        is_dismissed = self.case.until == "dismissed-in-unit"
        result = Assessment.Result.DISMISSED if is_dismissed else Assessment.Result.PROCEED
        self._assess(Assessment.Gate.FIRST, result, self.case.dismissed if is_dismissed else self.rng.choice(_PROCEED))

    # Steps 5 and 6

    def met(self) -> None:
        """The meeting with the citizen, held by DKS, or missed."""
        with self.story.by("dks") as dks:
            if self.case.until != "meeting":
                if self.case.entry != "dks":
                    dks.answer_contact()
                held = dks.meet(self.case.visit, *self.case.subjects, guardians=self.guardians)
                dks.disclose("vink", [held], "VINK leder sagen og skal vurdere den.")
            else:
                if self.case.entry != "dks":
                    dks.answer_contact()
                if self.case.missed:
                    dks.meet(self.case.missed, *self.case.subjects, result=Meeting.Result.MISSED)
                dks.remember("Aftal tid og sted for mødet med borgeren.", self._soon(4))
        if self.case.until == "meeting" and self.case.alarm is not None:
            self._alarm()

    def assessed_second(self) -> None:
        """Dismissed, or confirmed: then how grave it is, and that something must be done locally."""
        if self.case.until == "dismissed-after-meeting":
            self._assess(Assessment.Gate.SECOND, Assessment.Result.DISMISSED, self.case.dismissed)
            return
        self._assess(Assessment.Gate.SECOND, Assessment.Result.CONFIRMED, self.rng.choice(_CONFIRMED))
        with self.story.by("vink") as vink:
            severity = _SEVERITY[self.case.clock or "met"]
            vink.qualify(Qualification.Kind.SEVERITY, severity, "Efter enhedens samlede vurdering.")

    # Step 7

    def clock_of_today(self) -> Scenes:
        """The triage clock runs today: urgent, breached, breached and explained, or standing still."""
        assert self.case.clock is not None
        yield self.pace.before_now(_HOURS_AGO[self.case.clock])
        with self.story.by("vink") as vink:
            self._local_action(vink)
            clock = Clock.objects.filter(matter=vink.own(Clock)[0].matter_id, rule=Clock.Rule.TRIAGE).get().root
        self._ask_social_services()
        if self.case.clock == "paused":
            yield self.pace.before_now(_PAUSED_HOURS_AGO)
            self._as_vink(
                lambda worker, now: pause_clock(
                    worker=worker, case_id=self.story.case_id, clock=clock, reason=self.case.paused, now=now
                )
            )
        if self.case.clock == "explained":
            yield self.pace.before_now(_EXPLAINED_HOURS_AGO)
            self._as_vink(
                lambda worker, now: explain_breach(
                    worker=worker, case_id=self.story.case_id, clock=clock, reason=self.case.explained, now=now
                )
            )

    def triaged(self) -> None:
        """Local action is needed, and social services accept."""
        with self.story.by("vink") as vink:
            self._local_action(vink)
        self._ask_social_services()
        with self.story.by("sof") as sof:
            sof.answer_contact()
            sof.take_responsibility(self.rng.choice(_RESPONSIBILITY))

    def offered(self) -> None:
        """Offers and answers; a course begins on a yes."""
        with self.story.by("vink") as vink:
            for offered in self.case.offers:
                offer = vink.offer(offered.what, offered.to, offered.text)
                self._answered(vink, offer, offered)
        for key, text in (("psykiatri", self.case.psychiatry), ("kriminalforsorg", self.case.prison)):
            if text:
                self._joined_by(key, text)

    def agreed(self) -> None:
        """On to follow-up."""
        is_refused = any(offered.answer == "refused" for offered in self.case.offers)
        with self.story.by("vink") as vink:
            vink.agree(_AGREED[is_refused], *self.case.subjects, taking_part=("vink", "sof"))

    # Steps 8 and 9

    def followed_up(self) -> None:
        """What has happened since: logs, a meeting, an alarm, a course on hold, a changed plan."""
        for offered, course in self.courses:
            if offered.log:
                with self.story.by(self._holder(offered)) as holder:
                    holder.log(course, offered.log)
        with self.story.by("sof") as sof:
            self._meet_again(sof, "Opfølgning på aftalerne. De fleste er holdt.")
            if self.case.until == "follow-up":
                sof.remember("Hold det næste opfølgende møde.", self._soon(25))
        if self.case.alarm is not None:
            self._alarm()
        with self.story.by("vink") as vink:
            for offered, course in self.courses:
                if offered.course in ("held", "completed"):
                    kind = CourseEvent.Kind.ON_HOLD if offered.course == "held" else CourseEvent.Kind.COMPLETED
                    vink.change(course, kind, offered.held)
            if self.case.loop:
                vink.renew()
                vink.agree(_CHANGED, *self.case.subjects, taking_part=("vink", "sof"))

    def dealt_with(self) -> None:
        """The last follow-up in both tracks, and the final assessment."""
        with self.story.by("sof") as sof:
            for subject in self.case.subjects:
                sof.agree_with(subject, "Du ringer til os, hvis noget bliver svært.", kept="Det er sket to gange.")
            self._meet_again(sof, "Opfølgning før sagen slutter. Aftalerne er holdt.")
        with self.story.by("vink") as vink:
            vink.follow_up("Enheden er enig om, at hjælpen kan fortsætte lokalt.", taking_part=("vink", "sof"))
        self._assess(
            Assessment.Gate.FINAL, Assessment.Result.DEALT_WITH, "Bekymringen er håndteret, og hjælpen fortsætter lokalt."
        )

    def closed(self) -> None:
        """Closed, or handed over to the ordinary system."""
        with self.story.by("vink") as vink:
            vink.close(
                "Sagen afsluttes, og borgeren ved, hvem der kan kontaktes.",
                hand_over=self.case.until == "ordinary",
                journal_number=f"{self.pace.start.year}-{self.rng.randint(1000, 9999):06}",
            )

    def reopened(self) -> None:
        """A new case about the same person, linked to the ended one."""
        self._as_vink(
            lambda worker, now: reopen_case(worker=worker, case_id=self.story.case_id, reason=self.case.reopened, now=now)
        )

    # What several scenes share

    def _assess(self, gate: str, result: str, reason: str) -> None:
        ground = "" if result in (Assessment.Result.DISMISSED, Assessment.Result.DEALT_WITH) else self.case.concern
        with self.story.by("vink") as vink:
            vink.assess(gate, dict.fromkeys(self.case.subjects, result), "vink", *self._table, ground=ground, reason=reason)

    def _meet_again(self, sof: Hand, text: str) -> None:
        sof.meet(text, *self.case.subjects, kind=Meeting.Kind.FOLLOW_UP, guardians=self.guardians)

    def _local_action(self, vink: Hand) -> None:
        vink.qualify(Qualification.Kind.LOCAL_ACTION, "yes", "Der skal sættes ind lokalt.")

    def _ask_social_services(self) -> None:
        """VINK asks them in; who they are to help is told by the agency that noted the persons."""
        with self.story.by("vink") as vink:
            vink.admit("sof", "Socialforvaltningen skal påtage sig den lokale indsats.")
        with self.story.by(self.owner) as owner:
            owner.disclose("sof", owner.own(Participant), "Socialforvaltningen skal vide, hvem indsatsen er til.")

    def _answered(self, vink: Hand, offer: Offer, offered: Offered) -> None:
        if offered.answer is None:
            return
        if offered.answer == "refused":
            vink.answer(offer, offered.to, kind=Answer.Kind.REFUSED, text=offered.declined)
            return
        vink.answer(offer, offered.to, *(self.guardians[:1] if offered.to in self.case.subjects else []))
        if offered.course is not None:
            self.courses.append((offered, vink.start(offer, self._holder(offered))))

    def _holder(self, offered: Offered) -> str:
        return "coach" if offered.what == _COACH else _MENTORS[len(self.case.concern) % 2]

    def _alarm(self) -> None:
        raised = self.case.alarm
        assert raised is not None
        with self.story.by("vink") as vink:
            alarm: Alarm = vink.alarm(raised.kind, raised.text, *self.case.subjects)
            vink.disclose("dks", [alarm], "DKS skal kunne handle på det, der frygtes.")
            if raised.ended:
                vink.disclose("dks", [vink.end_alarm(alarm, raised.ended)], "DKS skal vide, at alarmen er afklaret.")

    def _joined_by(self, key: str, text: str) -> None:
        """By consent: PSP is for the socially exposed, and KSP not for those who still serve (R-085)."""
        with self.story.by(self.owner) as owner:
            owner.consent_to_share(key, *self.case.subjects, text="Borgeren vil gerne have, at de to myndigheder taler sammen.")
            owner.admit(key, "Myndigheden arbejder allerede med borgeren.", terms=Terms())
            owner.disclose(key, owner.own(Participant), "Modtageren skal vide, hvem det drejer sig om.", terms=Terms())
        self._writes(key, text)

    def _writes(self, key: str, text: str) -> None:
        with self.story.by(key) as writer:
            writer.write(text, *self.case.subjects, weight=Item.Weight.NEUTRAL)

    def _as_vink(self, deed: Deed) -> None:
        with self.stage.as_("vink") as (worker, now):
            deed(worker, now)

    def _soon(self, days: int) -> datetime.datetime:
        """A deadline within so many days from today."""
        return self.pace.now + datetime.timedelta(days=self.rng.randint(1, days))

    def _case_type(self) -> str:
        if self.case.type is not None:
            return _TYPES[self.case.type]
        return "sagstype-boern" if self.case.has_minor else "sagstype-voksne-uden-psykiatri"

    def _source(self) -> dict[str, str]:
        if self.case.reporter in ("front-staff", "caseworker"):
            return {"source": Item.Source.PROFESSIONAL, "reliability": Item.Reliability.FIRST_HAND}
        source = Item.Source.RELATIVE if self.case.reporter == "relative" else Item.Source.OTHER
        return {"kind": Item.Kind.CLAIM, "source": source, "reliability": Item.Reliability.SECOND_HAND}

    def _subject(self, label: str, age: int) -> Participant:
        born = self.pace.start.date() - relativedelta(years=age, days=self.rng.randint(5, 80))
        is_known = age < 26 or self.rng.random() < 0.5
        return person(
            label,
            born_on=born.isoformat() if is_known else "",
            stated_age=StatedAge.UNKNOWN if is_known else StatedAge.ADULT,
            municipality="København",
            is_subject=True,
        )

    def _near(self, label: str) -> Participant:
        if label in self.guardians:
            return person(label, stated_age=StatedAge.ADULT, is_guardian=True)
        return person(
            label, stated_age=StatedAge.ADULT, is_involved=True, because="Har selv henvendt sig eller vil gerne hjælpe."
        )
