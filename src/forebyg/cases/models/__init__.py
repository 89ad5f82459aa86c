"""The rows of a case: its frame, its records, its clocks and tasks, its timeline."""

from forebyg.cases.models.document import Document
from forebyg.cases.models.frame import Case, CaseMove
from forebyg.cases.models.measures import Answer, Course, CourseEvent, Offer
from forebyg.cases.models.own import Digest, SavedView
from forebyg.cases.models.paper import Draft, Fact, UsedForm
from forebyg.cases.models.plan import Agreement, AgreementKept, Contact
from forebyg.cases.models.record import (
    Alarm,
    AlarmEnd,
    Assessment,
    Decision,
    Item,
    JournalLink,
    Meeting,
    NoticeAnswer,
    ProcedureTick,
    Qualification,
)
from forebyg.cases.models.sharing import Disclosure, TimelineEntry
from forebyg.cases.models.waiting import Clock, Task

__all__ = [
    "Agreement",
    "AgreementKept",
    "Alarm",
    "AlarmEnd",
    "Answer",
    "Assessment",
    "Case",
    "CaseMove",
    "Clock",
    "Contact",
    "Course",
    "CourseEvent",
    "Decision",
    "Digest",
    "Disclosure",
    "Document",
    "Draft",
    "Fact",
    "Item",
    "JournalLink",
    "Meeting",
    "NoticeAnswer",
    "Offer",
    "ProcedureTick",
    "Qualification",
    "SavedView",
    "Task",
    "TimelineEntry",
    "UsedForm",
]
