"""Everything that can be done in a case, as one table: its address, its form, who may, and at which steps it is offered."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from django.utils.functional import Promise

from forebyg.access.models import AgencyKind, Worker
from forebyg.access.permissions import IN_EMERGENCY, Permission
from forebyg.access.reach import reach_of
from forebyg.cases.forms import (
    agreeing,
    consents,
    correcting,
    documents,
    extracting,
    informing,
    locking,
    measures,
    meeting,
    merging,
    noticing,
    noting,
    persons,
    sharing,
    steps,
    waiting,
)
from forebyg.cases.forms.base import ActForm
from forebyg.cases.models import Case
from forebyg.cases.queries import has_whole, is_locked
from forebyg.cases.states import MOVES, Step
from forebyg.ui.addresses import path_of

Group = Literal["step", "record", "measures", "sharing", "correct"]


@dataclass(frozen=True)
class Act:
    """One thing to do. `steps` are those at which it is offered; a move is legal at its own. `on_row`: it needs a record."""

    slug: str
    form: type[ActForm]
    permission: Permission
    group: Group
    steps: frozenset[Step]
    move: str | None = None
    on_row: bool = False
    tab: str = "case"

    @property
    def label(self) -> str | Promise:
        """What the button says."""
        return self.form.heading

    @property
    def is_primary(self) -> bool:
        """Whether it moves the case on: the one primary button."""
        return self.move is not None and self.move not in ("hand-to-pet", "new-measures")

    def url(self, case: Case, *, target: uuid.UUID | None = None, **query: str | int) -> str:
        """The address of its form; `target` is the record that it is about."""
        address = path_of(f"cases:act-{self.slug}", case.matter.reference)
        parameters = ({"for": str(target)} if target else {}) | query
        return f"{address}?{urlencode(parameters)}" if parameters else address


ANY = frozenset(Step)
OPEN = frozenset(step for step in Step if step != Step.ENDED)


def move_act(slug: str, form: type[ActForm], move: str, *, tab: str = "case") -> Act:
    """The act that makes a move: permission and steps are the move's."""
    return Act(slug, form, MOVES[move].permission, "step", MOVES[move].sources, move=move, tab=tab)


def _act(
    slug: str,
    form: type[ActForm],
    permission: Permission,
    group: Group,
    tab: str,
    *,
    at: Iterable[Step] = OPEN,
    on_row: bool = False,
) -> Act:
    return Act(slug, form, permission, group, frozenset(at), on_row=on_row, tab=tab)


ACTS: dict[str, Act] = {
    act.slug: act
    for act in [
        move_act("til-enheden", steps.BringToUnit, "bring-to-unit"),
        move_act("droeftelse", steps.Discussion, "discussed", tab="assessments"),
        move_act("foerste-vurdering", steps.FirstAssessment, "proceed-to-meeting", tab="assessments"),
        move_act("til-anden-vurdering", steps.ConcludeMeetings, "met"),
        move_act("anden-vurdering", steps.SecondAssessment, "confirm", tab="assessments"),
        move_act("til-opfoelgning", steps.AgreeMeasures, "measures-agreed"),
        move_act("afsluttende-vurdering", steps.FinalAssessment, "dealt-with", tab="assessments"),
        move_act("ny-indsats", steps.RenewMeasures, "new-measures", tab="measures"),
        move_act("afslut", steps.Close, "close"),
        move_act("pet", steps.HandToPet, "hand-to-pet"),
        _act("genaabn", steps.Reopen, Permission.CLOSE_CASE, "step", "case", at=[Step.ENDED]),
        _act("alvorlighed", steps.ChooseSeverity, Permission.QUALIFY_CONCERN, "record", "assessments"),
        _act("lokal-indsats", steps.ChooseLocalAction, Permission.QUALIFY_CONCERN, "record", "assessments"),
        _act("sagstype", steps.ChooseCaseType, Permission.QUALIFY_CONCERN, "record", "assessments"),
        _act("niveau", steps.ChooseLevel, Permission.QUALIFY_CONCERN, "record", "assessments"),
        _act("klassifikation", steps.Classify, Permission.QUALIFY_CONCERN, "record", "assessments"),
        _act("ansvar", waiting.TakeResponsibility, Permission.TAKE_RESPONSIBILITY, "record", "case"),
        _act("oplysning", noting.WriteItem, Permission.WRITE_RECORD, "record", "items"),
        _act("dokument", documents.AddDocument, Permission.WRITE_RECORD, "record", "items"),
        _act("moede", meeting.RecordMeeting, Permission.MEET_CITIZEN, "record", "timeline"),
        _act("opfoelgning", meeting.FollowUpWithCitizen, Permission.MEET_CITIZEN, "record", "plan", at=[Step.FOLLOW_UP]),
        _act("opfoelgning-enhed", meeting.FollowUpInUnit, Permission.FOLLOW_UP, "record", "plan", at=[Step.FOLLOW_UP]),
        _act("aftale", agreeing.MakeAgreement, Permission.WRITE_RECORD, "record", "plan", on_row=True),
        _act("aftale-holdt", agreeing.LookAtAgreement, Permission.WRITE_RECORD, "record", "plan", at=ANY, on_row=True),
        _act("kontakt", agreeing.SeekContact, Permission.WRITE_RECORD, "record", "plan"),
        _act("beslutning", noting.WriteDecision, Permission.WRITE_RECORD, "record", "timeline"),
        _act(
            "indskaerpelse-svar", noticing.AnswerNotice, Permission.WRITE_RECORD, "record", "assessments", at=ANY, on_row=True
        ),
        _act("alarm", noting.RaiseAlarm, Permission.WRITE_RECORD, "record", "case"),
        _act("afslut-alarm", noting.EndAlarm, Permission.WRITE_RECORD, "record", "case", at=ANY, on_row=True),
        _act("person", persons.AddPerson, Permission.WRITE_RECORD, "record", "people"),
        _act("relation", persons.Relate, Permission.WRITE_RECORD, "record", "people"),
        _act("samtykke", consents.RecordConsent, Permission.WRITE_RECORD, "record", "people", at=ANY, on_row=True),
        _act("samtykke-traek", consents.WithdrawConsent, Permission.WRITE_RECORD, "record", "people", at=ANY, on_row=True),
        _act("orientering", informing.RecordInformation, Permission.WRITE_RECORD, "record", "people", at=ANY, on_row=True),
        _act("opgave", waiting.AddTask, Permission.WRITE_RECORD, "record", "tasks"),
        _act("opgave-udfoert", waiting.CompleteTask, Permission.WRITE_RECORD, "record", "tasks", at=ANY, on_row=True),
        _act("laest", waiting.ConfirmRead, Permission.WRITE_RECORD, "record", "tasks", at=ANY, on_row=True),
        _act("procedure", waiting.TickPoint, Permission.WRITE_RECORD, "record", "assessments", on_row=True),
        _act("journal", noting.LinkJournal, Permission.WRITE_RECORD, "record", "sharing", at=ANY),
        _act("frist-bero", waiting.PauseClock, Permission.EXPLAIN_BREACH, "record", "tasks", at=ANY, on_row=True),
        _act("frist-genoptag", waiting.ResumeClock, Permission.EXPLAIN_BREACH, "record", "tasks", at=ANY, on_row=True),
        _act("frist-begrund", waiting.ExplainBreach, Permission.EXPLAIN_BREACH, "record", "tasks", at=ANY, on_row=True),
        _act("frist-gjort", waiting.StopClock, Permission.FOLLOW_UP, "record", "tasks", at=ANY, on_row=True),
        _act(
            "tilbud", measures.MakeOffer, Permission.AGREE_MEASURES, "measures", "measures", at=(Step.MEASURES, Step.FOLLOW_UP)
        ),
        _act("svar", measures.AnswerOffer, Permission.AGREE_MEASURES, "measures", "measures", at=ANY, on_row=True),
        _act("begynd-forloeb", measures.StartCourse, Permission.RUN_COURSE, "measures", "measures", on_row=True),
        _act("forloeb", measures.ChangeCourse, Permission.RUN_COURSE, "measures", "measures", at=ANY, on_row=True),
        _act("log", measures.LogCourse, Permission.LOG_COURSE, "measures", "measures", on_row=True),
        _act("traek-tilbage", sharing.Withdraw, Permission.DISCLOSE, "sharing", "sharing", at=ANY, on_row=True),
        _act("giv-adgang", sharing.GiveAccess, Permission.GIVE_ACCESS, "sharing", "sharing", at=ANY),
        _act("luk-adgang", sharing.EndAccess, Permission.GIVE_ACCESS, "sharing", "sharing", at=ANY, on_row=True),
        _act("afslut-deltagelse", sharing.EndAdmission, Permission.ADMIT_AGENCY, "sharing", "sharing", at=ANY),
        _act("skift-leder", sharing.ChangeLead, Permission.ADMIT_AGENCY, "sharing", "sharing"),
        _act("laas", locking.LockSpecially, Permission.LOCK_SPECIALLY, "sharing", "sharing", at=ANY),
        _act("laas-op", locking.LiftLock, Permission.LOCK_SPECIALLY, "sharing", "sharing", at=ANY),
        _act("ret", correcting.CorrectItem, Permission.CORRECT, "correct", "items", at=ANY, on_row=True),
        _act("uddrag", extracting.WriteExtract, Permission.WRITE_RECORD, "record", "items", at=ANY, on_row=True),
        _act("forkert-person", correcting.CorrectPerson, Permission.CORRECT, "correct", "items", at=ANY, on_row=True),
        _act("forkert-sag", correcting.CorrectCase, Permission.CORRECT, "correct", "items", at=ANY, on_row=True),
        _act("samme-person", merging.ProposeMerge, Permission.CORRECT, "correct", "people", at=ANY, on_row=True),
        _act("samme-person-svar", merging.ReviewMerge, Permission.CORRECT, "correct", "people", at=ANY, on_row=True),
        _act("samme-person-fortryd", merging.UndoMerge, Permission.CORRECT, "correct", "people", at=ANY, on_row=True),
        _act("ret-dokument", documents.CorrectDocument, Permission.CORRECT, "correct", "items", at=ANY, on_row=True),
        _act(
            "dokument-forkert-sag",
            documents.CorrectCaseOfDocument,
            Permission.CORRECT,
            "correct",
            "items",
            at=ANY,
            on_row=True,
        ),
        _act("ret-person", persons.ChangePerson, Permission.CORRECT, "correct", "people", at=ANY, on_row=True),
    ]
}


def register_act(act: Act) -> None:
    """For rooms above, in `AppConfig.ready()`: one more thing that can be done in a case."""
    ACTS[act.slug] = act


IN_PART = frozenset({"log"})
"""What a worker may do who knows one participant only."""


def is_offered(worker: Worker, case: Case, slug: str) -> bool:
    """Whether the worker may do this, and the case stands where it can be done."""
    act = ACTS[slug]
    if slug == "pet" and worker.agency.kind != AgencyKind.POLICE:
        return False
    if slug in ("laas", "laas-op") and (case.lead_id != worker.agency_id or is_locked(worker, case) != (slug == "laas-op")):
        return False
    if act.permission not in IN_EMERGENCY and case.matter_id in reach_of(worker).emergencies:
        return False
    return worker.may(act.permission) and case.current_step in act.steps and (slug in IN_PART or has_whole(worker, case))


def offered_acts(worker: Worker, case: Case) -> list[Act]:
    """What the worker can do in the case now, in the order of the table, without what belongs to single rows."""
    return [act for act in ACTS.values() if not act.on_row and is_offered(worker, case, act.slug)]


def act_url(slug: str, case: Case, *, target: uuid.UUID | None = None, **query: str | int) -> str:
    """The address of an act's form."""
    return ACTS[slug].url(case, target=target, **query)
