"""Which parents take part, by age and by what the citizen wants."""

import datetime
import uuid

import pytest

from forebyg.core.ids import new_id
from forebyg.people.consents import ConsentGiven
from forebyg.people.involvement import parents_with_a_part
from forebyg.people.models import Participant

DAY = datetime.date(2026, 11, 23)
CITIZEN, PARENT, AGENCY = new_id(), new_id(), new_id()


def _citizen(**values: str) -> Participant:
    return Participant(root=CITIZEN, is_subject=True, **{"born_on": "", "stated_age": "unknown"} | values)


def _said(answer: str = "given", *, recipient: uuid.UUID | None = PARENT, by: uuid.UUID = CITIZEN) -> ConsentGiven:
    return ConsentGiven(
        root=new_id(),
        kind="share",
        person=CITIZEN,
        answered_by=by,
        answer=answer,
        on=DAY,
        intervention="",
        recipient=recipient,
        text="",
    )


@pytest.mark.req("R-104", part="which parents take part, by age on the day and by the citizen's own consent")
@pytest.mark.parametrize(
    ("citizen", "consents", "takes_part"),
    [
        (_citizen(born_on="2008-11-24"), [], True),
        (_citizen(born_on="2008-11-23"), [], False),
        (_citizen(born_on="2008-11-23"), [_said()], True),
        (_citizen(born_on="2008-11-23"), [_said("refused")], False),
        (_citizen(born_on="2008-11-23"), [_said("withdrawn")], False),
        (_citizen(born_on="2008-11-23"), [_said(recipient=AGENCY)], False),
        (_citizen(born_on="2008-11-23"), [_said(recipient=None)], False),
        (_citizen(born_on="2008-11-23"), [_said(by=PARENT)], False),
        (_citizen(stated_age="adult"), [], False),
        (_citizen(stated_age="minor"), [], True),
        (_citizen(), [], True),
    ],
)
def test_a_parent_takes_part_under_18_and_then_where_wanted(
    citizen: Participant, consents: list[ConsentGiven], takes_part: bool
) -> None:
    assert parents_with_a_part(citizen, {PARENT}, consents, DAY) == ({PARENT} if takes_part else set())
