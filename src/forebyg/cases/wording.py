"""The fixed words of a case as a person reads them: codes of the timeline, of choices and of findings, in the page's language."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from django.db.models import Choices
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.cases.finding import FORUM_MARK, PREVENTION, in_language, is_demo
from forebyg.cases.models import (
    AgreementKept,
    Alarm,
    Answer,
    Assessment,
    CourseEvent,
    Decision,
    Document,
    Item,
    Meeting,
    Qualification,
    Task,
    TimelineEntry,
)
from forebyg.cases.models.record import Classification, Forum, Severity
from forebyg.cases.states import Step
from forebyg.people.models import Consent, Relation
from forebyg.strategy.schema import Pack, Text
from forebyg.strategy.wording import say

Word = str | Promise


class Named(Protocol):
    """A thing of the pack with a name."""

    @property
    def name(self) -> Text: ...


COURSE_STATE: dict[str, tuple[Word, str]] = {
    "started": (_("I gang"), "info"),
    "resumed": (_("Genoptaget"), "info"),
    CourseEvent.Kind.ON_HOLD: (_("Sat i bero"), "warning"),
    CourseEvent.Kind.COMPLETED: (_("Gennemført"), "success"),
    CourseEvent.Kind.INTERRUPTED: (_("Afbrudt"), "quiet"),
    CourseEvent.Kind.HANDED_OVER: (_("Overdraget"), "quiet"),
}
"""The state of a course: the words, and the kind of badge."""

OFFERED: Word = _("Tilbudt")
"""The state of an offer that no course was begun on."""

AGREEMENT_BADGE: dict[str, str] = {
    AgreementKept.Answer.KEPT: "success",
    AgreementKept.Answer.PARTLY: "warning",
    AgreementKept.Answer.NOT_KEPT: "warning",
}
"""The kind of badge for whether an agreement was kept."""

NOT_LOOKED_AT: Word = _("Ikke fulgt op endnu")
"""An agreement that nobody has looked at."""

GRANT_REASON: dict[str, Word] = {
    "opened": _("Oprettede sagen"),
    "contact": _("Myndighedens kontakt i sagen"),
    "colleague": _("Kollega i sagen"),
    "own": _("Har selv forlænget adgangen"),
    "course": _("Har et forløb i sagen"),
    "special": _("Navngivet i den særlige lås"),
    "break-glass": _("Nødadgang"),
}

RECORD: dict[str, Word] = {
    "people_participant": _("Person"),
    "people_relation": _("Relation"),
    "people_consent": _("Samtykke"),
    "people_information": _("Orientering"),
    "intake_concern": _("Henvendelse"),
    "cases_item": _("Oplysning"),
    "cases_document": _("Dokument"),
    "cases_qualification": _("Kvalificering"),
    "cases_assessment": _("Vurdering"),
    "cases_decision": _("Beslutning"),
    "cases_noticeanswer": _("Svar på en indskærpelse"),
    "cases_meeting": _("Møde"),
    "cases_alarm": _("Alarm"),
    "cases_alarmend": _("Afslutning af en alarm"),
    "cases_proceduretick": _("Punkt i arbejdsgangen"),
    "cases_offer": _("Tilbud"),
    "cases_answer": _("Svar på tilbud"),
    "cases_course": _("Forløb"),
    "cases_courseevent": _("Linje i forløbets log"),
    "cases_agreement": _("Aftale"),
    "cases_agreementkept": _("Opfølgning på en aftale"),
    "cases_contact": _("Opsøgende kontakt"),
    "cases_journallink": _("Journalnummer"),
    "cases_clock": _("Frist"),
    "cases_task": _("Opgave"),
    "sharing_informationrequest": _("Anmodning om oplysninger"),
    "sharing_requestanswer": _("Svar på en anmodning"),
    "sharing_letter": _("Brev"),
    "sharing_measuredecision": _("Afgørelse"),
    "sharing_parentcontact": _("Kontakt til en forælder"),
    "meetings_agendaitem": _("Punkt på et enhedsmøde"),
    "meetings_minutes": _("Referat"),
}
"""What sort of record a table holds."""


MARK: dict[str, Word] = {
    "not-for-investigation": _("Ikke til efterforskning"),
    "forum:ssp": _("Kun i SSP"),
    "forum:psp": _("Kun i PSP"),
    "forum:ksp": _("Kun i KSP"),
}
"""What information carries from where it came, on screen and in print (R-082, A-11)."""


PURPOSE: dict[str, Word] = {
    "crime-prevention": _("Forebygge kriminalitet"),
    "support": _("Støtte borgeren"),
    "child-welfare": _("Barnets trivsel"),
    "employment": _("Uddannelse eller job"),
    "treatment": _("Behandling"),
    "investigation": _("Efterforskning"),
}
"""What information is told for, in the law's words."""


MEASURE: dict[str, Word] = {
    "approach": _("Opsøgende kontakt"),
    "counselling": _("Rådgivning"),
    "mentor": _("Mentor"),
    "parent-coach": _("Forældrecoach"),
    "exit": _("Exitforløb"),
    "child-examination": _("Børnefaglig undersøgelse"),
    "examination-without-consent": _("Undersøgelse uden samtykke"),
    "support-measure": _("Støttende indsats"),
    "parental-order": _("Forældrepålæg"),
    "youth-order": _("Ungepålæg"),
    "placement-without-consent": _("Anbringelse uden samtykke"),
    "employment-measure": _("Beskæftigelsestilbud"),
}
"""What an authority may decide under a provision, in the law's words (R-092 to R-096)."""


def mark(value: str) -> str:
    """A mark as it is read; itself when it is no longer among them."""
    return str(MARK.get(value, value))


def label(choices: type[Choices], value: str) -> str:
    """The label of a fixed word; the word itself when it is no longer among the choices."""
    return str(dict(choices.choices).get(value, value))


def in_pack(find: Callable[[str], Named], id: str) -> str:
    """The name of a thing of the pack; its id when this edition of the pack does not have it."""
    with contextlib.suppress(KeyError):
        return say(find(id).name)
    return id


def file_size(size: int) -> str:
    """`1,4 MB`."""
    return filesizeformat(size)


def uncapitalised(text: str) -> str:
    """For the middle of a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def capitalised(text: str) -> str:
    """For the beginning of a line."""
    return text[:1].upper() + text[1:]


def listed(names: Iterable[str]) -> str:
    """`far, søn og datter`."""
    *first, last = [name for name in names if name] or [""]
    return gettext("%(first)s og %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def severity(value: str, pack: Pack) -> str:
    """What the unit's pack calls a severity (R-072); our own word when it names none."""
    named = next((limit.severity_name for limit in pack.triage_limits if limit.severity == value), None)
    return say(named) if named else label(Severity, value)


def qualification_value(kind: str, value: str, pack: Pack) -> str:
    """What was chosen: a severity, a classification, yes or no, or a case type or level of the pack."""
    if kind == Qualification.Kind.SEVERITY:
        return severity(value, pack)
    if kind == Qualification.Kind.CLASSIFICATION:
        return label(Classification, value)
    if kind == Qualification.Kind.LOCAL_ACTION:
        return gettext("Ja") if value == "yes" else gettext("Nej")
    return in_pack(pack.case_type if kind == Qualification.Kind.CASE_TYPE else pack.level, value)


def relation(row: Relation, other: str, *, is_from: bool) -> str:
    """How one person is related to another, said from either side."""
    words = {
        Relation.Kind.PARENT: (gettext("forælder til %(other)s"), gettext("barn af %(other)s")),
        Relation.Kind.SIBLING: (gettext("søskende til %(other)s"),) * 2,
        Relation.Kind.INFLUENCE: (gettext("påvirker %(other)s"), gettext("påvirkes af %(other)s")),
        Relation.Kind.OTHER: (gettext("nærtstående til %(other)s"),) * 2,
    }
    said = words[Relation.Kind(row.kind)][0 if is_from else 1] % {"other": other}
    if row.has_custody is None or not is_from:
        return said
    if row.has_custody:
        return gettext("%(relation)s (med forældremyndighed)") % {"relation": said}
    return gettext("%(relation)s (uden forældremyndighed)") % {"relation": said}


def consent_to(kind: str, intervention: str, pack: Pack, *, recipient: str = "") -> str:
    """What a consent is to: one measure, or sharing, with whom where that is said."""
    if kind == Consent.Kind.TAKE_PART:
        return gettext("Samtykke til at deltage: %(name)s") % {"name": uncapitalised(in_pack(pack.intervention, intervention))}
    if recipient:
        return gettext("Samtykke til at dele oplysninger med %(recipient)s") % {"recipient": recipient}
    return gettext("Samtykke til at dele oplysninger")


def mandate(value: str, pack: Pack) -> str:
    """Under what a contact was sought: a provision or an intervention of the pack."""
    kind, _colon, id = value.partition(":")
    return in_pack(pack.intervention if kind == "intervention" else pack.legal_rule, id)


def task(row: Task) -> str:
    """What an opened task is: its own text, the work of a step, or its fixed word."""
    if row.kind == Task.Kind.STEP and row.step:
        return str(Step(row.step).label)
    return row.text or label(Task.Kind, row.kind)


def basis(finding: Mapping[str, Any], pack: Pack) -> str:
    """The provisions that carry a disclosure, and that nobody qualified has signed them off, where that is so."""
    names = [capitalised(in_language(one["citation"])) for one in finding["bases"] if one["provision"] in finding["by"]]
    if not names:  # chosen by hand, before the law was asked
        names = [in_pack(pack.legal_rule, id) for id in finding["by"]]
    named = listed(names)
    return gettext("%(basis)s (demo, ikke godkendt)") % {"basis": named} if is_demo(finding) else named


def purpose(finding: Mapping[str, Any]) -> str:
    """What a disclosure was for; empty for one from before the law was asked."""
    return str(PURPOSE.get(finding.get("purpose", ""), ""))


def purpose_line(finding: Mapping[str, Any]) -> str:
    """What the reader of a sheet may use it for: the purpose that the law was asked about; where none was, prevention."""
    told_for = purpose(finding) or str(PURPOSE[PREVENTION])
    return gettext("Må kun bruges til dette formål: %(purpose)s.") % {"purpose": uncapitalised(told_for)}


def marks(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """The marks that a finding gives, as they are read."""
    return tuple(mark(one) for one in finding["marks"])


def conditions(finding: Mapping[str, Any]) -> list[str]:
    """What the one who told had to see to, and what it may be used for."""
    said = [text for one in finding["bases"] for text in [*one["conditions"], one["purpose_limit"]]]
    return list(dict.fromkeys(in_language(text) for text in said))


def sources(finding: Mapping[str, Any]) -> list[str]:
    """Which content of which provision in which pack, and whose word it rests on."""
    return [
        gettext("%(pack)s %(version)s, %(provision)s %(content)s, godkendt af %(name)s")
        % {
            "pack": one["pack"],
            "version": one["pack_version"],
            "provision": one["provision"],
            "content": one["version"],
            "name": one["signed_by"],
        }
        for one in finding["bases"]
    ]


def forum(finding: Mapping[str, Any]) -> str:
    """The forum that a disclosure belongs to, when it was made in one."""
    marks: list[str] = finding["marks"]
    return listed(label(Forum, mark.removeprefix(FORUM_MARK)) for mark in marks if mark.startswith(FORUM_MARK))


def entry_title(kind: str, codes: Mapping[str, str], pack: Pack) -> str:
    """The heading of a line on the timeline. A kind that a room above adds is said by its own label."""
    maker = _TITLES.get(kind)
    return maker(codes, pack) if maker else label(TimelineEntry.Kind, kind)


def _concern(codes: Mapping[str, str], pack: Pack) -> str:
    if codes.get("received"):
        return gettext("Henvendelse modtaget")
    return gettext("Bekymring noteret: %(channel)s") % {
        "channel": uncapitalised(in_pack(pack.channel, codes.get("channel", "")))
    }


def _item(codes: Mapping[str, str], pack: Pack) -> str:
    title = label(Item.Kind, codes.get("kind", ""))
    if codes.get("retraction"):
        why = uncapitalised(label(Item.Retraction, codes["retraction"]))
        return gettext("Oplysning trukket tilbage: %(why)s") % {"why": why}
    return gettext("%(title)s, rettet") % {"title": title} if codes.get("corrected") else title


def _document(codes: Mapping[str, str], pack: Pack) -> str:
    if codes.get("retraction"):
        why = uncapitalised(label(Item.Retraction, codes["retraction"]))
        return gettext("Dokument taget ud: %(why)s") % {"why": why}
    title = gettext("Dokument: %(kind)s") % {"kind": label(Document.Kind, codes.get("kind", ""))}
    return gettext("%(title)s, rettet") % {"title": title} if codes.get("corrected") else title


def _qualification(codes: Mapping[str, str], pack: Pack) -> str:
    kind = codes.get("kind", "")
    value = qualification_value(kind, codes.get("value", ""), pack)
    return f"{label(Qualification.Kind, kind)}: {uncapitalised(value)}"


def _assessment(codes: Mapping[str, str], pack: Pack) -> str:
    result = uncapitalised(label(Assessment.Result, codes.get("result", "")))
    return f"{label(Assessment.Gate, codes.get('gate', ''))}: {result}"


def _meeting(codes: Mapping[str, str], pack: Pack) -> str:
    result = uncapitalised(label(Meeting.Result, codes.get("result", "")))
    return f"{label(Meeting.Kind, codes.get('kind', ''))}: {result}"


def _offer(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Tilbud: %(name)s") % {"name": _intervention(codes, pack)}


def _answer(codes: Mapping[str, str], pack: Pack) -> str:
    answer = uncapitalised(label(Answer.Kind, codes.get("kind", "")))
    if codes.get("asks_no_more"):
        answer = gettext("%(answer)s, vil ikke spørges igen") % {"answer": answer}
    return gettext("Svar på tilbud: %(answer)s (%(name)s)") % {"answer": answer, "name": _intervention(codes, pack)}


def _course(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Forløb begyndt: %(name)s") % {"name": _intervention(codes, pack)}


def _course_event(codes: Mapping[str, str], pack: Pack) -> str:
    return f"{_intervention(codes, pack)}: {uncapitalised(label(CourseEvent.Kind, codes.get('kind', '')))}"


def _alarm(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Alarm: %(kind)s") % {"kind": uncapitalised(label(Alarm.Kind, codes.get("kind", "")))}


def _alarm_end(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Alarm afsluttet: %(kind)s") % {"kind": uncapitalised(label(Alarm.Kind, codes.get("kind", "")))}


def _request_answer(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Anmodning afslået") if codes.get("kind") == "declined" else gettext("Anmodning besvaret")


def _consent(codes: Mapping[str, str], pack: Pack) -> str:
    asked = consent_to(codes.get("kind", ""), codes.get("intervention", ""), pack)
    return f"{asked}: {uncapitalised(label(Consent.Answer, codes.get('answer', '')))}"


def _measure(codes: Mapping[str, str], pack: Pack) -> str:
    value = codes.get("measure", "")
    return gettext("Afgørelse: %(measure)s") % {"measure": uncapitalised(str(MEASURE.get(value, value)))}


def _agreement_kept(codes: Mapping[str, str], pack: Pack) -> str:
    answer = uncapitalised(label(AgreementKept.Answer, codes.get("answer", "")))
    return gettext("Aftale fulgt op: %(answer)s") % {"answer": answer}


def _contact(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Opsøgende kontakt: %(mandate)s") % {"mandate": uncapitalised(mandate(codes.get("mandate", ""), pack))}


def _intervention(codes: Mapping[str, str], pack: Pack) -> str:
    return in_pack(pack.intervention, codes.get("intervention", ""))


_TITLES: dict[str, Callable[[Mapping[str, str], Pack], str]] = {
    TimelineEntry.Kind.CONCERN: _concern,
    TimelineEntry.Kind.ITEM: _item,
    TimelineEntry.Kind.DOCUMENT: _document,
    TimelineEntry.Kind.QUALIFICATION: _qualification,
    TimelineEntry.Kind.ASSESSMENT: _assessment,
    TimelineEntry.Kind.DECISION: lambda codes, pack: label(Decision.Kind, codes.get("kind", "")),
    TimelineEntry.Kind.MEETING: _meeting,
    TimelineEntry.Kind.OFFER: _offer,
    TimelineEntry.Kind.ANSWER: _answer,
    TimelineEntry.Kind.COURSE: _course,
    TimelineEntry.Kind.COURSE_EVENT: _course_event,
    TimelineEntry.Kind.ALARM: _alarm,
    TimelineEntry.Kind.ALARM_END: _alarm_end,
    TimelineEntry.Kind.REQUEST_ANSWER: _request_answer,
    TimelineEntry.Kind.CONSENT: _consent,
    TimelineEntry.Kind.MEASURE: _measure,
    TimelineEntry.Kind.AGREEMENT_KEPT: _agreement_kept,
    TimelineEntry.Kind.CONTACT: _contact,
}
