"""Contact to a parent on signs in a young person (R-109): the law is asked whether the parent may be told."""

from __future__ import annotations

import datetime
import uuid

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.actions.keeping import begin, keep, token_of
from forebyg.cases.finding import Terms, as_kept, check_allowed
from forebyg.cases.models import Case, TimelineEntry
from forebyg.cases.queries import participants_of, records_of
from forebyg.core.errors import RuleBroken
from forebyg.law import Finding
from forebyg.people.models import Relation
from forebyg.people.participants import guardians_of
from forebyg.sharing.gate import decisive, findings_for_contact
from forebyg.sharing.models import Letter, ParentContact


class NotAParent(RuleBroken):
    """The one contacted is not recorded as a parent of the young person."""

    code = "not-a-parent"

    def __init__(self) -> None:
        super().__init__(
            _("Den, I vælger, er ikke registreret som forælder til den unge. Registrér det først under »Personer«.")
        )


def kind_of_parent(worker: Worker, case: Case, *, about: uuid.UUID, parent: uuid.UUID) -> str:
    """What the parent is before the law: one without custody is a close person. Raises `NotAParent`."""
    relations = records_of(worker, case, Relation)
    if parent in guardians_of(about, participants_of(worker, case), relations):
        return Letter.To.PARENT.value
    if any(
        one.kind == Relation.Kind.PARENT and one.from_participant == parent and one.to_participant == about for one in relations
    ):
        return Letter.To.CLOSE.value
    raise NotAParent


def finding_on_contact(
    *, worker: Worker, case: Case, about: uuid.UUID, parent: uuid.UUID, terms: Terms, at: datetime.datetime
) -> Finding:
    """What the law says of telling this parent, at that moment. Raises `NotAParent`."""
    kind = kind_of_parent(worker, case, about=about, parent=parent)
    return decisive(findings_for_contact(worker=worker, case=case, about=about, parent=parent, kind=kind, terms=terms, now=at))


def record_contact(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    about: uuid.UUID,
    parent: uuid.UUID,
    ground: str,
    terms: Terms,
    text: str,
    happened_at: datetime.datetime,
    now: datetime.datetime,
) -> ParentContact:
    """Record that a parent was contacted, when the law allows the parent to be told: of someone of age only the police tell
    without consent (section 115 a). Raises `NotLawful`, `NotAParent`, `NotInThisCase`, `TextMissing`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.DISCLOSE, now=now)
    people = participants_of(worker, deed.case)
    rules.check_moment(happened_at, now=now)
    rules.check_members([about, parent], [one.root for one in people])
    rules.check_text(ground, what=_("de tegn, der er set"))
    rules.check_text(text, what=_("hvad der blev sagt"))
    finding = finding_on_contact(worker=worker, case=deed.case, about=about, parent=parent, terms=terms, at=happened_at)
    check_allowed(finding)
    return keep(
        deed,
        ParentContact(parent=parent, finding=as_kept(finding, purpose=terms.purpose), ground=ground, text=text),
        action="parent.contacted",
        about=[about],
        happened_at=happened_at,
        entry=TimelineEntry.Kind.PARENT_CONTACT,
        entry_text=text,
        fact="parent-contact",
        fact_codes={"basis": finding.by[0]},
        token=token_of(people, about),
    )
