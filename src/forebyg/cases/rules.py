"""The rules of a case: functions that take loaded facts and return nothing or raise. No queries, no request, no clock."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forebyg.cases.models.record import Assessment, Classification, Decision, Item, Severity
from forebyg.cases.states import MOVES, Move, Step, legal_moves
from forebyg.core.errors import RuleBroken
from forebyg.core.working_time import Calendar, counted, moved

LONGEST_TEXT = 20_000
"""Characters in one text; more belongs in a document."""


class MoveNotLegal(RuleBroken):
    """The case does not stand where this move begins (R-050)."""

    code = "move-not-legal"

    def __init__(self, move: Move, step: Step) -> None:
        self.legal = legal_moves(step)
        names = ", ".join(f"»{legal.label}«" for legal in self.legal) or _("ingen, for sagen er afsluttet")
        super().__init__(
            _("»%(move)s« er ikke muligt nu. Sagen står på trin %(step)s. Mulige skridt er: %(legal)s.")
            % {"move": move.label, "step": step.label, "legal": names}
        )


class CaseEnded(RuleBroken):
    """The case has ended; what comes later belongs to a new one."""

    code = "case-ended"

    def __init__(self) -> None:
        super().__init__(_("Sagen er afsluttet. Genåbn den, hvis der er noget nyt, eller ret det, der står i den."))


class OwnAlarm(RuleBroken):
    """Who set off an alarm does not switch it off (B-025)."""

    code = "own-alarm"

    def __init__(self) -> None:
        super().__init__(
            _("Det var dig, der brugte nødadgang. En kollega, der arbejder i sagen, skal se det og fjerne opgaven.")
        )


class OnlyInEmergency(RuleBroken):
    """Broken glass opens a case to read, to write down and to tell; not to move it on or to decide who has access (B-025)."""

    code = "only-in-emergency"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Du har kun nødadgang til sagen: Du kan læse, skrive og videregive det nødvendige. Bed en kollega, der arbejder i sagen, om resten."
            )
        )


class BeforeTheLastMove(RuleBroken):
    """A step is dated before the one that led to it."""

    code = "before-the-last-move"

    def __init__(self, last: datetime.datetime) -> None:
        moment = formats.date_format(timezone.localtime(last), "DATETIME_FORMAT")
        super().__init__(
            _("Sagen kom først til dette trin %(moment)s. Vælg et tidspunkt, der ligger efter det.") % {"moment": moment}
        )


class StaleCase(RuleBroken):
    """The case moved on after the page was loaded."""

    code = "stale-case"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Sagen har ændret sig, mens siden var åben. Din tekst er bevaret. Se, hvor sagen er nu, og send igen, hvis teksten stadig passer."
            )
        )


class AlreadyDone(RuleBroken):
    """The same form was sent twice; the first one counted."""

    code = "already-done"

    def __init__(self) -> None:
        super().__init__(_("Det er allerede gemt."))


class TextMissing(RuleBroken):
    """A reason or text that must be written is empty."""

    code = "text-missing"

    def __init__(self, what: str) -> None:
        super().__init__(_("Skriv %(what)s.") % {"what": what})


class TextTooLong(RuleBroken):
    """A text longer than there is room for."""

    code = "text-too-long"

    def __init__(self, length: int, most: int) -> None:
        super().__init__(
            _("Teksten er på %(length)s tegn; der er plads til %(most)s. Kort den af, eller del den i flere oplysninger.")
            % {"length": length, "most": most}
        )


class InTheFuture(RuleBroken):
    """A moment that has not come."""

    code = "in-the-future"

    def __init__(self) -> None:
        super().__init__(_("Tidspunktet ligger i fremtiden. Vælg det tidspunkt, hvor det skete."))


class BeforeTheCase(RuleBroken):
    """A moment before the matter began."""

    code = "before-the-case"

    def __init__(self) -> None:
        super().__init__(_("Tidspunktet ligger mere end fem år før sagen. Kontrollér årstallet."))


class NotInThisCase(RuleBroken):
    """A participant, agency or record of another case."""

    code = "not-in-this-case"

    def __init__(self) -> None:
        super().__init__(_("Valget hører ikke til denne sag. Vælg en af sagens egne personer eller myndigheder."))


class SeverityMissing(RuleBroken):
    """R-070: the clock can't be computed without a severity."""

    code = "severity-missing"

    def __init__(self) -> None:
        super().__init__(_("Vælg først en alvorlighed. Uden den kan fristen for visitation ikke regnes ud."))


class GroundMissing(RuleBroken):
    """R-030: views are lawful; a concern rests on something observable beyond opinion."""

    code = "ground-missing"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Skriv det iagttagelige grundlag for bekymringen. Holdninger er lovlige, også radikale, og er ikke i sig selv et grundlag."
            )
        )


class GuardianMissing(RuleBroken):
    """R-052: under 18, parents take part in the meeting, or a reason is recorded."""

    code = "guardian-missing"

    def __init__(self) -> None:
        super().__init__(
            _("Borgeren er under 18 år. Vælg den forælder eller værge, der deltog, eller skriv, hvorfor ingen deltog.")
        )


class AgeUnknown(RuleBroken):
    """The under-18 rule can't be answered."""

    code = "age-unknown"

    def __init__(self) -> None:
        super().__init__(
            _("Alderen på en af de personer, bekymringen gælder, mangler. Angiv fødselsdato eller om personen er under 18 år.")
        )


class SubjectNotMet(RuleBroken):
    """R-051: before the second assessment each subject has been met, or at least offered to be heard by DKS."""

    code = "subject-not-met"

    def __init__(self) -> None:
        super().__init__(_("Registrér først et afholdt møde med hver af de personer, bekymringen gælder."))


class PoliceMissing(RuleBroken):
    """R-051: the meeting is held by DKS, possibly with others."""

    code = "police-missing"

    def __init__(self) -> None:
        super().__init__(_("Mødet med borgeren holdes af DKS. Vælg DKS som deltager, eller lad DKS registrere mødet."))


class SubjectMissing(RuleBroken):
    """An assessment needs a result for every subject of the case."""

    code = "subject-missing"

    def __init__(self) -> None:
        super().__init__(_("Vælg et resultat for hver af de personer, bekymringen gælder."))


class SubjectNotKnown(RuleBroken):
    """A concern is not assessed over the head of someone whom the deciding agency does not know."""

    code = "subject-not-known"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Bekymringen gælder også nogen, som din myndighed ikke har fået oplyst. Bed den, der har registreret sagen, om at videregive personerne."
            )
        )


class OneResultPerGate(RuleBroken):
    """A result that this gate does not have."""

    code = "result-not-at-this-gate"

    def __init__(self) -> None:
        super().__init__(_("Det resultat hører ikke til denne vurdering. Vælg et af resultaterne på listen."))


class ConsentMissing(RuleBroken):
    """R-092, R-102: measures begin only when the citizen has said yes; under 18 a guardian and the young person (A-32)."""

    code = "consent-missing"

    def __init__(self, who: str) -> None:
        super().__init__(_("Forløbet kan ikke begynde, før %(who)s har sagt ja. Registrér svaret først.") % {"who": who})


class NoticeWithoutGround(RuleBroken):
    """R-231: a notice to a family names the law it rests on."""

    code = "notice-without-ground"

    def __init__(self) -> None:
        super().__init__(_("Vælg den hjemmel, som indskærpelsen hviler på, for eksempel undervisningspligten."))


class NotAGuardian(RuleBroken):
    """Nobody answers for somebody else's child (A-32)."""

    code = "not-a-guardian"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Kun borgeren selv og borgerens egen forælder eller værge kan svare på tilbuddet. Registrér først under »Personer«, hvordan de to er i familie."
            )
        )


class DialogueMissing(RuleBroken):
    """R-054: measures are agreed in dialogue with the citizen and the partners, not about them."""

    code = "dialogue-missing"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Indsatsen aftales med borgeren og de myndigheder, der skal være med. Vælg, hvem i familien og hvilke myndigheder den er talt igennem med, eller registrér først borgerens svar på et tilbud."
            )
        )


class CourseNotThere(RuleBroken):
    """A change that does not follow from the course's state: what runs is not resumed, what stands still is not put on hold."""

    code = "course-change-not-possible"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Den ændring passer ikke til forløbet nu. Et forløb i bero kan genoptages; et forløb, der kører, kan sættes i bero."
            )
        )


class CourseEnded(RuleBroken):
    """A course that has ended takes no further events."""

    code = "course-ended"

    def __init__(self) -> None:
        super().__init__(_("Forløbet er afsluttet. Begynd et nyt forløb ud fra et nyt tilbud, hvis borgeren siger ja."))


class PolicematterStops(RuleBroken):
    """R-033: a citizen who is a concrete security risk is a police matter; municipal action stops."""

    code = "police-matter"

    def __init__(self) -> None:
        super().__init__(_("Sagen er hos politiet. Kommunens indsats er stoppet, og opfølgningen er sat i bero."))


class OpenMeasures(RuleBroken):
    """A case is not closed over running courses, alarms or clocks."""

    code = "open-measures"

    def __init__(self, what: str) -> None:
        super().__init__(_("Sagen kan ikke afsluttes endnu: %(what)s. Afslut eller sæt det i bero først.") % {"what": what})


class FollowUpMissing(RuleBroken):
    """R-055: step 8 is followed up in two tracks, with the citizen and in the unit, before it is left for the end."""

    code = "follow-up-missing"

    def __init__(self, what: str) -> None:
        super().__init__(
            _("Trin 8 har to spor: opfølgning med borgeren og i enheden. Registrér først %(what)s.") % {"what": what}
        )


class MetAndApart(RuleBroken):
    """R-106: who is met apart is not at the meeting."""

    code = "met-and-apart"

    def __init__(self) -> None:
        super().__init__(_("Et møde kan ikke både være med og uden den samme person. Vælg det ene, eller registrér to møder."))


class NotAChoice(RuleBroken):
    """A fixed word that is not on the list."""

    code = "not-a-choice"

    def __init__(self) -> None:
        super().__init__(_("Vælg en af mulighederne på listen."))


def check_move(move: Move, step: Step) -> None:
    """Raise `MoveNotLegal` unless the move begins at this step."""
    if step not in move.sources:
        raise MoveNotLegal(move, step)


def check_not_ended(step: Step) -> None:
    """Raise `CaseEnded` when the case has ended."""
    if step == Step.ENDED:
        raise CaseEnded


def in_order(at: datetime.datetime, *, after: datetime.datetime) -> datetime.datetime:
    """The moment of a move that follows one made at `after`: moments are given to the minute, so one within the same minute
    is the later of the two. Raises `BeforeTheLastMove`."""
    if at < after.replace(second=0, microsecond=0):
        raise BeforeTheLastMove(after)
    return max(at, after)


def check_version(seen: int | None, current: int) -> None:
    """Raise `StaleCase` when the page was loaded before the last move. None: the caller saw the case in this transaction."""
    if seen is not None and seen != current:
        raise StaleCase


def check_choice(word: str, words: Collection[str]) -> None:
    """A fixed word stands on its list."""
    if word not in words:
        raise NotAChoice


def check_text(text: str, *, what: str) -> None:
    """A text is written and not too long."""
    if not text.strip():
        raise TextMissing(what)
    check_length(text)


def check_length(text: str, *, most: int = LONGEST_TEXT) -> None:
    """A text that may be empty is not too long."""
    if len(text) > most:
        raise TextTooLong(len(text), most)


def check_moment(happened_at: datetime.datetime, *, now: datetime.datetime) -> None:
    """Something recorded as having happened has happened, within living memory of the case."""
    if happened_at > now:
        raise InTheFuture
    if happened_at < now - datetime.timedelta(days=5 * 366):
        raise BeforeTheCase


def check_members(chosen: Iterable[uuid.UUID], known: Collection[uuid.UUID]) -> None:
    """All chosen ids are among the known ones of this case."""
    if not set(chosen) <= set(known):
        raise NotInThisCase


GATE_RESULTS: dict[str, frozenset[str]] = {
    Assessment.Gate.FIRST: frozenset({Assessment.Result.DISMISSED, Assessment.Result.PROCEED, Assessment.Result.UNRESOLVED}),
    Assessment.Gate.SECOND: frozenset({Assessment.Result.DISMISSED, Assessment.Result.CONFIRMED}),
    Assessment.Gate.FINAL: frozenset({Assessment.Result.DEALT_WITH}),
}


def move_after_assessment(
    gate: str, results: Mapping[uuid.UUID, str], subjects: Collection[uuid.UUID], dismissed: Collection[uuid.UUID] = ()
) -> Move:
    """The move that the results of all subjects lead to: the case ends only when the concern is dismissed for everyone
    (R-023). Those in `dismissed` were dismissed at an earlier gate and may be left out. Raises `SubjectMissing` or
    `OneResultPerGate`."""
    if not results or not set(subjects) - set(dismissed) <= set(results) <= set(subjects):
        raise SubjectMissing
    if not set(results.values()) <= GATE_RESULTS.get(gate, frozenset()):
        raise OneResultPerGate
    all_dismissed = set(results.values()) == {Assessment.Result.DISMISSED}
    if gate == Assessment.Gate.FIRST:
        return MOVES["dismiss-in-unit" if all_dismissed else "proceed-to-meeting"]
    if gate == Assessment.Gate.SECOND:
        return MOVES["dismiss-after-meeting" if all_dismissed else "confirm"]
    return MOVES["dealt-with"]


def check_all_subjects_known(*, known: int, in_all: int) -> None:
    """The deciding agency knows every subject of the case, so that nobody is dismissed unseen (R-023)."""
    if known < in_all:
        raise SubjectNotKnown


def check_ground(results: Iterable[str], ground: str) -> None:
    """Whatever is not dismissed names an observable ground (R-030)."""
    if (
        any(result not in (Assessment.Result.DISMISSED, Assessment.Result.DEALT_WITH) for result in results)
        and not ground.strip()
    ):
        raise GroundMissing
    check_length(ground)


def check_guardians(*, minors: Iterable[bool | None], guardians_present: Collection[uuid.UUID], reason: str) -> None:
    """At a meeting with someone under 18 a guardian takes part, or a reason says why not (R-052)."""
    ages = list(minors)
    if None in ages:
        raise AgeUnknown
    if any(ages) and not guardians_present and not reason.strip():
        raise GuardianMissing


def check_subjects_met(subjects: Collection[uuid.UUID], met: Collection[uuid.UUID]) -> None:
    """Every subject has been met before the second assessment (R-051)."""
    if not subjects or not set(subjects) <= set(met):
        raise SubjectNotMet


def check_police_held(subjects: Collection[uuid.UUID], met_with_police: Collection[uuid.UUID]) -> None:
    """Among those who held the meeting with each subject is the police's prevention unit (R-051)."""
    if not set(subjects) <= set(met_with_police):
        raise PoliceMissing


@dataclass(frozen=True)
class Answered:
    """An answer that stands: the last one of each who answered."""

    by: uuid.UUID
    accepted: bool
    is_guardian: bool


def check_consent(*, citizen: uuid.UUID, is_minor: bool | None, answers: Iterable[Answered]) -> None:
    """A voluntary course may begin: the citizen's yes, and for someone under 18 also a guardian's (R-092, R-102, A-32)."""
    if is_minor is None:
        raise AgeUnknown
    standing = list(answers)
    if not any(answer.accepted for answer in standing if answer.by == citizen):
        raise ConsentMissing(_("borgeren"))
    if is_minor and not any(answer.accepted for answer in standing if answer.is_guardian and answer.by != citizen):
        raise ConsentMissing(_("en forælder eller værge"))
    if any(not answer.accepted for answer in standing if answer.by == citizen):
        raise ConsentMissing(_("borgeren"))


def check_answers(answered_by: uuid.UUID, *, citizen: uuid.UUID, guardians: Collection[uuid.UUID]) -> None:
    """An offer is answered by the one who got it, or by a guardian of that person (A-32)."""
    if answered_by != citizen and answered_by not in guardians:
        raise NotAGuardian


def check_dialogue(*, spoken_with: Collection[uuid.UUID], taking_part: Collection[uuid.UUID], is_answered: bool) -> None:
    """Measures were talked through with someone of the family, or someone answered an offer; and an agency took part (R-054)."""
    if not taking_part or not (spoken_with or is_answered):
        raise DialogueMissing


def check_followed_up(*, subjects: Collection[uuid.UUID], met: Collection[uuid.UUID], in_unit: bool) -> None:
    """Both tracks of step 8 were followed, since the case last came there: with each subject, also where the citizen stayed away,
    and in the unit (R-055)."""
    if not set(subjects) <= set(met):
        raise FollowUpMissing(
            _("et opfølgende møde med hver af de personer, bekymringen gælder, også hvis det ikke blev holdt")
        )
    if not in_unit:
        raise FollowUpMissing(_("opfølgningen i enheden"))


def check_apart(*, present: Collection[uuid.UUID], apart_from: Collection[uuid.UUID]) -> None:
    """Nobody is both at a meeting and kept from it (R-106)."""
    if set(present) & set(apart_from):
        raise MetAndApart


ENDINGS = frozenset({"completed", "interrupted", "handed-over"})


def check_course_open(last_event: str | None) -> None:
    """A course takes events until it has ended; on hold is not ended (R-063)."""
    if last_event in ENDINGS:
        raise CourseEnded


def check_course_change(kind: str, *, state: str | None) -> None:
    """On hold comes after running, resumed after on hold (R-063)."""
    is_held = state == "on-hold"
    if (kind == "resumed" and not is_held) or (kind == "on-hold" and is_held):
        raise CourseNotThere


def check_can_close(*, running_courses: int, open_alarms: int, running_triage: int) -> None:
    """Nothing is left running when a case is closed (R-056)."""
    if open_alarms:
        raise OpenMeasures(_("en alarm er ikke afsluttet"))
    if running_courses:
        raise OpenMeasures(_("et forløb kører endnu"))
    if running_triage:
        raise OpenMeasures(_("fristen for visitation løber endnu"))


def triage_due(
    *, started_at: datetime.datetime, severity: str | None, hours: Mapping[str, int], calendar: str = Calendar.ELAPSED
) -> datetime.datetime:
    """When triage is due: hours by severity, of those that the pack lets count (R-069, R-072, A-01). Raises `SeverityMissing`
    (R-070)."""
    if severity is None:
        raise SeverityMissing
    return moved(started_at, datetime.timedelta(hours=hours[severity]), Calendar(calendar))


def is_late(*, due_at: datetime.datetime, until: datetime.datetime) -> bool:
    """Whether a deadline was passed; the deadline itself is in time."""
    return until > due_at


def resumed_due(
    *, due_at: datetime.datetime, paused_at: datetime.datetime, now: datetime.datetime, calendar: str = Calendar.ELAPSED
) -> datetime.datetime:
    """The new deadline of a clock that stood still: later by as much of its own time as went by meanwhile (B-010)."""
    return moved(due_at, counted(paused_at, now, Calendar(calendar)), Calendar(calendar))


def journal_mismatch(*, ended_here: bool, closed_there: bool) -> str:
    """What the records system and the case disagree about (R-057): 'open-there', 'open-here', or nothing."""
    if ended_here == closed_there:
        return ""
    return "open-there" if ended_here else "open-here"


VALUES_OF: dict[str, Collection[str]] = {
    "severity": Severity.values,
    "classification": Classification.values,
    "local-action": ["yes", "no"],
}
"""Values that are fixed here; case types and levels are the pack's."""

WHAT_REASON = gettext_lazy("en begrundelse")
WHAT_TEXT = gettext_lazy("hvad der skete")

FORUM_ITEMS = frozenset({"ssp", "psp", "ksp"})


def check_notice(decision: Decision) -> None:
    """Raise `NoticeWithoutGround` for a notice that names no law."""
    if decision.kind == Decision.Kind.NOTICE and not decision.legal_ref:
        raise NoticeWithoutGround


def purpose_mark(forum: str) -> bool:
    """Whether information that came under this forum is barred from investigation (R-082)."""
    return forum in FORUM_ITEMS


def check_item_kind(kind: str, source: str) -> None:
    """A statement is the person's own (R-014); what others say of a person is a claim or an assessment."""
    if kind == Item.Kind.STATEMENT and source not in (Item.Source.CITIZEN, Item.Source.OWN_WORK):
        raise RuleBroken(_("En udtalelse kommer fra personen selv. Vælg »Påstand«, når andre gengiver den."))
