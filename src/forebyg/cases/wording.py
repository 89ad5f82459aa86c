"""The fixed words of a case as a person reads them: codes of the timeline, of choices and of findings, in the page's language."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from django.db.models import Choices
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.cases.finding import SAME_CONTROLLER
from forebyg.cases.models import (
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
from forebyg.people.models import Relation
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

GRANT_REASON: dict[str, Word] = {
    "opened": _("Oprettede sagen"),
    "contact": _("Myndighedens kontakt i sagen"),
    "colleague": _("Kollega i sagen"),
    "own": _("Har selv forlænget adgangen"),
    "course": _("Har et forløb i sagen"),
}

RECORD: dict[str, Word] = {
    "people_participant": _("Person"),
    "people_relation": _("Relation"),
    "intake_concern": _("Henvendelse"),
    "cases_item": _("Oplysning"),
    "cases_document": _("Dokument"),
    "cases_qualification": _("Kvalificering"),
    "cases_assessment": _("Vurdering"),
    "cases_decision": _("Beslutning"),
    "cases_meeting": _("Møde"),
    "cases_alarm": _("Alarm"),
    "cases_alarmend": _("Afslutning af en alarm"),
    "cases_proceduretick": _("Punkt i arbejdsgangen"),
    "cases_offer": _("Tilbud"),
    "cases_answer": _("Svar på tilbud"),
    "cases_course": _("Forløb"),
    "cases_courseevent": _("Linje i forløbets log"),
    "cases_journallink": _("Journalnummer"),
    "cases_clock": _("Frist"),
    "cases_task": _("Opgave"),
}
"""What sort of record a table holds."""


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
    return gettext("%(relation)s (med forældremyndighed)") % {"relation": said} if row.has_custody and is_from else said


def task(row: Task) -> str:
    """What an opened task is: its own text, the work of a step, or its fixed word."""
    if row.kind == Task.Kind.STEP and row.step:
        return str(Step(row.step).label)
    return row.text or label(Task.Kind, row.kind)


def basis(finding: Mapping[str, str], pack: Pack) -> str:
    """The provision that a disclosure points to, and that nobody has signed the finding off, while that is so."""
    code = finding.get("basis", "")
    name = gettext("Samme dataansvarlige") if code == SAME_CONTROLLER.basis else in_pack(pack.legal_rule, code)
    if finding.get("status") == SAME_CONTROLLER.status:
        return gettext("%(basis)s (demo, ikke godkendt)") % {"basis": name}
    return name


def forum(finding: Mapping[str, str]) -> str:
    """The forum that a disclosure came under."""
    return label(Forum, finding.get("forum", ""))


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
    return gettext("Svar på tilbud: %(answer)s (%(name)s)") % {"answer": answer, "name": _intervention(codes, pack)}


def _course(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Forløb begyndt: %(name)s") % {"name": _intervention(codes, pack)}


def _course_event(codes: Mapping[str, str], pack: Pack) -> str:
    return f"{_intervention(codes, pack)}: {uncapitalised(label(CourseEvent.Kind, codes.get('kind', '')))}"


def _alarm(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Alarm: %(kind)s") % {"kind": uncapitalised(label(Alarm.Kind, codes.get("kind", "")))}


def _alarm_end(codes: Mapping[str, str], pack: Pack) -> str:
    return gettext("Alarm afsluttet: %(kind)s") % {"kind": uncapitalised(label(Alarm.Kind, codes.get("kind", "")))}


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
}
