"""A case as it is being played: the case, its persons, and the workers' deeds in it in few words."""

from __future__ import annotations

import contextlib
import datetime
import uuid
from collections.abc import Collection, Iterator, Mapping

from forebyg.access.models import Agency, Worker
from forebyg.access.records import Record
from forebyg.cases.actions import agreeing, assessing, ending, following, measures, meeting, noting, opening, triage
from forebyg.cases.actions.consenting import record_consent
from forebyg.cases.finding import INSIDE, Terms
from forebyg.cases.models import (
    Agreement,
    AgreementKept,
    Alarm,
    AlarmEnd,
    Answer,
    Course,
    CourseEvent,
    Decision,
    Item,
    Meeting,
    Offer,
    Task,
)
from forebyg.cli.stage import Stage
from forebyg.intake.actions import Reporter, note_concern, receive_concern
from forebyg.people.age import StatedAge
from forebyg.people.models import Consent, Participant, Relation
from forebyg.sharing.actions import admit, tell

_FORUMS = ("ssp", "psp", "ksp")


def terms_between(sender: Agency, recipient: Agency) -> Terms:
    """Within one controller need to know; else the first cooperation that both take part in; else consent."""
    if sender.controller_id == recipient.controller_id:
        return INSIDE
    return Terms(forum=next((one for one in _FORUMS if one in sender.forums and one in recipient.forums), "none"))


class Story:
    """One case on a stage; `persons` holds the participants by their keys."""

    def __init__(self, stage: Stage, case_id: uuid.UUID | None = None) -> None:
        self.stage = stage
        self.persons: dict[str, uuid.UUID] = {}
        self._case_id = case_id

    @property
    def case_id(self) -> uuid.UUID:
        """The case, once it is opened."""
        assert self._case_id is not None
        return self._case_id

    @contextlib.contextmanager
    def by(self, key: str) -> Iterator[Hand]:
        """A transaction in which a worker of the cast acts in the case."""
        with self.stage.as_(key) as (worker, now):
            yield Hand(self, worker, now)

    def begins(
        self,
        key: str,
        *,
        channel: str,
        reporter: Reporter,
        people: Mapping[str, Participant],
        observation: Item,
    ) -> None:
        """A worker of the cast notes the concern (step 1); guardians are the parents of those whom it is about."""
        with self.stage.as_(key) as (worker, now):
            case = note_concern(
                worker=worker,
                channel=channel,
                reporter=reporter,
                people=people.values(),
                observation=observation,
                happened_at=now,
                now=now,
            )
            for guardian in (one for one in people.values() if one.is_guardian):
                for child in (one for one in people.values() if one.is_subject and not one.is_guardian):
                    noting.relate(
                        worker=worker,
                        case_id=case.id,
                        from_participant=guardian.root,
                        to_participant=child.root,
                        kind=Relation.Kind.PARENT,
                        has_custody=True,
                        now=now,
                    )
        self._case_id = case.id
        self.persons = {name: person.root for name, person in people.items()}

    def reopened(self, case_id: uuid.UUID, persons: Mapping[str, uuid.UUID]) -> Story:
        """The story of the case that this one was reopened as."""
        later = Story(self.stage, case_id)
        later.persons = dict(persons)
        return later


class Hand:
    """What a worker does in a case within one transaction. Moments are the transaction's `store.now()`."""

    def __init__(self, story: Story, worker: Worker, now: datetime.datetime) -> None:
        self.story = story
        self.worker = worker
        self.now = now

    def person(self, key: str) -> uuid.UUID:
        """A participant by its key."""
        return self.story.persons[key]

    # Taking in and passing on

    def receive(self) -> None:
        """Take in the concern (step 2)."""
        receive_concern(worker=self.worker, case_id=self.story.case_id, received_at=self.now, now=self.now)

    def admit(self, key: str, necessity: str, *, terms: Terms | None = None) -> None:
        """Admit the agency of a worker of the cast, with that worker as its contact."""
        admit(
            worker=self.worker,
            case_id=self.story.case_id,
            agency_id=self.story.stage.agency_id(key),
            contact_id=self.story.stage.worker_id(key),
            terms=terms or self.terms(key),
            necessity=necessity,
            now=self.now,
        )

    def share(self, key: str) -> None:
        """Give a colleague of one's own agency access for half a year."""
        opening.give_access(
            worker=self.worker,
            case_id=self.story.case_id,
            colleague_id=self.story.stage.worker_id(key),
            ends_at=self.now + datetime.timedelta(days=182),
            now=self.now,
        )

    def lead(self, key: str, reason: str) -> None:
        """Let another agency lead the case."""
        opening.change_lead(
            worker=self.worker,
            case_id=self.story.case_id,
            agency_id=self.story.stage.agency_id(key),
            reason=reason,
            now=self.now,
        )

    def disclose(self, key: str, records: Collection[Record], necessity: str, *, terms: Terms | None = None) -> None:
        """Disclose records of one's own agency to the agency of a worker of the cast."""
        tell(
            worker=self.worker,
            case_id=self.story.case_id,
            records=[(record._meta.db_table, record.root) for record in records],
            to_agency=self.story.stage.agency_id(key),
            terms=terms or self.terms(key),
            necessity=necessity,
            now=self.now,
        )

    def own(self, *kinds: type[Record]) -> list[Record]:
        """One's own agency's records of these kinds in the case."""
        return [
            row
            for kind in kinds
            for row in kind.objects.visible_to(self.worker).filter(matter__case=self.story.case_id, owner=self.worker.agency_id)
        ]

    def consent_to_share(self, key: str, *by: str, text: str) -> None:
        """Record each person's yes to telling that agency about them."""
        for one in by:
            record_consent(
                worker=self.worker,
                case_id=self.story.case_id,
                consent=Consent(
                    kind=Consent.Kind.SHARE,
                    person=self.person(one),
                    answered_by=self.person(one),
                    answer=Consent.Answer.GIVEN,
                    recipient=self.story.stage.agency_id(key),
                    text=text,
                ),
                happened_at=self.now,
                now=self.now,
            )

    def terms(self, key: str) -> Terms:
        """On which terms that agency is told: within one controller, or in the cooperation that both take part in."""
        return terms_between(self.worker.agency, self.story.stage.worker(key).agency)

    # The table

    def qualify(self, kind: str, value: str, reason: str, *, about: str | None = None) -> None:
        """Choose severity, case type, level, classification or local action."""
        assessing.qualify(
            worker=self.worker,
            case_id=self.story.case_id,
            kind=kind,
            value=value,
            reason=reason,
            about=self.person(about) if about else None,
            now=self.now,
        )

    def bring(self) -> None:
        """Put the concern before the unit (step 3)."""
        assessing.bring_to_unit(worker=self.worker, case_id=self.story.case_id, now=self.now)

    def discuss(self, text: str, *taking_part: str) -> None:
        """Record the unit's discussion (step 4)."""
        assessing.record_discussion(
            worker=self.worker,
            case_id=self.story.case_id,
            text=text,
            taking_part=[self.story.stage.agency_id(key) for key in taking_part],
            happened_at=self.now,
            now=self.now,
        )

    def assess(
        self, gate: str, results: Mapping[str, str], *taking_part: str, ground: str = "", reason: str, dissent: str = ""
    ) -> None:
        """Record the first, second or final assessment, with a result for each subject."""
        assessing.assess(
            worker=self.worker,
            case_id=self.story.case_id,
            gate=gate,
            results={self.person(key): result for key, result in results.items()},
            ground=ground,
            reason=reason,
            dissent=dissent,
            taking_part=[self.story.stage.agency_id(key) for key in taking_part],
            happened_at=self.now,
            now=self.now,
        )

    # Meeting the citizen

    def meet(
        self,
        text: str,
        *about: str,
        kind: str = Meeting.Kind.CITIZEN,
        result: str = Meeting.Result.HELD,
        guardians: Collection[str] = (),
        no_guardian_reason: str = "",
    ) -> Meeting:
        """Record a meeting, held or not."""
        return meeting.record_meeting(
            worker=self.worker,
            case_id=self.story.case_id,
            meeting=Meeting(
                kind=kind,
                result=result,
                taking_part=[],
                guardians_present=[self.person(key) for key in guardians],
                no_guardian_reason=no_guardian_reason,
                text=text,
            ),
            about=[self.person(key) for key in about],
            happened_at=self.now,
            now=self.now,
        )

    def conclude(self) -> None:
        """Go on to the second assessment (step 6)."""
        meeting.conclude_meetings(worker=self.worker, case_id=self.story.case_id, now=self.now)

    # What is known

    def write(self, text: str, *about: str, kind: str = Item.Kind.OBSERVATION, weight: str = Item.Weight.RISK) -> Item:
        """Write an item of information."""
        return noting.write_item(
            worker=self.worker,
            case_id=self.story.case_id,
            item=item(text, kind=kind, weight=weight),
            about=[self.person(key) for key in about],
            happened_at=self.now,
            now=self.now,
        )

    def decide(self, text: str, *about: str, kind: str = Decision.Kind.OTHER) -> Decision:
        """Record a decision of one's own authority."""
        return noting.write_decision(
            worker=self.worker,
            case_id=self.story.case_id,
            decision=Decision(kind=kind, text=text),
            about=[self.person(key) for key in about],
            happened_at=self.now,
            now=self.now,
        )

    def alarm(self, kind: str, text: str, *about: str) -> Alarm:
        """Raise an alarm."""
        return noting.raise_alarm(
            worker=self.worker,
            case_id=self.story.case_id,
            kind=kind,
            text=text,
            about=[self.person(key) for key in about],
            happened_at=self.now,
            now=self.now,
        )

    def end_alarm(self, alarm: Alarm, text: str) -> AlarmEnd:
        """Say how an alarm was resolved."""
        return noting.end_alarm(
            worker=self.worker,
            case_id=self.story.case_id,
            alarm=alarm.root,
            text=text,
            happened_at=self.now,
            now=self.now,
        )

    def remember(self, text: str, due_at: datetime.datetime) -> Task:
        """A task for one's own agency."""
        return noting.add_task(
            worker=self.worker,
            case_id=self.story.case_id,
            assigned_to=self.worker.agency,
            text=text,
            due_at=due_at,
            now=self.now,
        )

    def answer_contact(self) -> None:
        """Do the tasks that asked one's own agency to make contact."""
        waiting = Task.objects.visible_to(self.worker).filter(
            matter__case=self.story.case_id, assigned_to=self.worker.agency_id, kind=Task.Kind.CONTACT, done_at=None
        )
        for root in list(waiting.values_list("root", flat=True)):
            noting.complete_task(worker=self.worker, case_id=self.story.case_id, root=root, now=self.now)

    # Measures

    def take_responsibility(self, text: str) -> None:
        """Accept the case for one's own authority; stops the triage clock."""
        triage.take_responsibility(
            worker=self.worker, case_id=self.story.case_id, text=text, happened_at=self.now, now=self.now
        )

    def offer(self, intervention: str, to: str, text: str) -> Offer:
        """Offer an intervention to a person."""
        return measures.make_offer(
            worker=self.worker,
            case_id=self.story.case_id,
            intervention=intervention,
            to=self.person(to),
            text=text,
            happened_at=self.now,
            now=self.now,
        )

    def answer(self, offer: Offer, *by: str, kind: str = Answer.Kind.ACCEPTED, text: str = "") -> None:
        """Record what each of these persons answered."""
        for key in by:
            measures.answer_offer(
                worker=self.worker,
                case_id=self.story.case_id,
                offer=offer.root,
                kind=kind,
                answered_by=self.person(key),
                text=text,
                happened_at=self.now,
                now=self.now,
            )

    def start(self, offer: Offer, holder: str | None) -> Course:
        """Begin a course on an accepted offer."""
        return measures.start_course(
            worker=self.worker,
            case_id=self.story.case_id,
            offer=offer.root,
            holder_id=self.story.stage.worker_id(holder) if holder else None,
            happened_at=self.now,
            now=self.now,
        )

    def log(self, course: Course, text: str, kind: str = CourseEvent.Kind.SESSION) -> None:
        """The holder's own log."""
        measures.log_course(
            worker=self.worker,
            case_id=self.story.case_id,
            course=course.root,
            kind=kind,
            text=text,
            happened_at=self.now,
            now=self.now,
        )

    def change(self, course: Course, kind: str, text: str) -> None:
        """Hold, resume or end a course."""
        measures.change_course(
            worker=self.worker,
            case_id=self.story.case_id,
            course=course.root,
            kind=kind,
            text=text,
            happened_at=self.now,
            now=self.now,
        )

    def agree(self, text: str, *spoken_with: str, taking_part: Collection[str]) -> None:
        """Say what was agreed, with whom in the family and with which agencies, and go on to follow-up (step 8)."""
        measures.agree_measures(
            worker=self.worker,
            case_id=self.story.case_id,
            text=text,
            spoken_with=[self.person(key) for key in spoken_with],
            taking_part=[self.story.stage.agency_id(key) for key in taking_part],
            happened_at=self.now,
            now=self.now,
        )

    def follow_up(self, text: str, *, taking_part: Collection[str]) -> None:
        """The unit's own follow-up (step 8)."""
        following.record_unit_follow_up(
            worker=self.worker,
            case_id=self.story.case_id,
            text=text,
            taking_part=[self.story.stage.agency_id(key) for key in taking_part],
            happened_at=self.now,
            now=self.now,
        )

    def agree_with(self, person: str, text: str, *, kept: str) -> None:
        """Agree something with one person, and see that it was kept."""
        agreement = agreeing.record_agreement(
            worker=self.worker,
            case_id=self.story.case_id,
            agreement=Agreement(
                taking_part=[self.person(person)],
                without_reason="Kun borgeren selv var med den dag.",
                text=text,
            ),
            person=self.person(person),
            look_on=None,
            happened_at=self.now,
            now=self.now,
        )
        agreeing.record_kept(
            worker=self.worker,
            case_id=self.story.case_id,
            kept=AgreementKept(agreement=agreement.root, answer=AgreementKept.Answer.KEPT, text=kept),
            look_on=None,
            happened_at=self.now,
            now=self.now,
        )

    def renew(self) -> None:
        """Back to new or changed measures (step 7)."""
        measures.renew_measures(worker=self.worker, case_id=self.story.case_id, now=self.now)

    # Endings

    def close(self, text: str, *, hand_over: bool, journal_number: str) -> None:
        """Close the case, or hand it over to the ordinary system."""
        ending.close_case(
            worker=self.worker,
            case_id=self.story.case_id,
            hand_over=hand_over,
            text=text,
            journal_number=journal_number,
            closed_there_on=self.now.date(),
            happened_at=self.now,
            now=self.now,
        )

    def hand_to_pet(self, text: str) -> None:
        """Record the police's hand-over to PET."""
        ending.hand_to_pet(worker=self.worker, case_id=self.story.case_id, text=text, happened_at=self.now, now=self.now)


def person(
    label: str,
    *,
    stated_age: str = StatedAge.UNKNOWN,
    born_on: str = "",
    municipality: str = "",
    is_subject: bool = False,
    is_guardian: bool = False,
    is_involved: bool = False,
    because: str = "",
) -> Participant:
    """A participant under a role label: no name, no number."""
    return Participant(
        label=label,
        name="",
        cpr="",
        born_on=born_on,
        stated_age=stated_age,
        municipality=municipality,
        is_subject=is_subject,
        is_guardian=is_guardian,
        is_involved=is_involved,
        involved_because=because,
    )


def item(
    text: str,
    *,
    kind: str = Item.Kind.OBSERVATION,
    source: str = Item.Source.OWN_WORK,
    reliability: str = Item.Reliability.FIRST_HAND,
    weight: str = Item.Weight.RISK,
    forum: str = "own",
) -> Item:
    """An item of information, not yet kept."""
    return Item(kind=kind, source=source, reliability=reliability, weight=weight, forum=forum, text=text, correction_reason="")
