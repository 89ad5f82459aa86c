"""Who a letter's recipient is to the person whom it is about: what the case knows, not what its writer says."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from forebyg.core.errors import RuleBroken
from forebyg.people.models import Participant, Relation
from forebyg.people.participants import guardians_of, is_minor
from forebyg.sharing.models import Letter


class NotTheCitizen(RuleBroken):
    """The person's own information goes to that person."""

    code = "letter-not-to-the-citizen"

    def __init__(self) -> None:
        super().__init__(
            _("Modtageren er ikke den, brevet drejer sig om. Vælg, hvad modtageren er, eller skriv til borgeren selv.")
        )


class TheCitizen(RuleBroken):
    """Who is written to about oneself is the citizen, whatever else."""

    code = "letter-to-the-citizen"

    def __init__(self) -> None:
        super().__init__(_("Modtageren er den, brevet drejer sig om. Vælg »Borgeren selv«."))


class NotAParent(RuleBroken):
    """Parents are told as parents: of a minor, those with the custody (R-083, R-105)."""

    code = "letter-not-to-a-parent"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Modtageren er ikke registreret som forælder til den, brevet drejer sig om. Er personen under 18 år, skal modtageren også have forældremyndigheden. Tilføj relationen, eller vælg »Anden nærtstående«."
            )
        )


def check_recipient(
    *,
    about: uuid.UUID,
    to_person: uuid.UUID,
    kind: str,
    people: Collection[Participant],
    relations: Collection[Relation],
    day: datetime.date,
) -> None:
    """Whether the recipient is to the person what the letter says. `people` and `relations`: those of the case, relations oldest
    first. Raises `NotTheCitizen`, `TheCitizen` or `NotAParent`."""
    if kind == Letter.To.CITIZEN and to_person != about:
        raise NotTheCitizen
    if kind != Letter.To.CITIZEN and to_person == about:
        raise TheCitizen
    if kind == Letter.To.PARENT and to_person not in _parents(about, people, relations, day):
        raise NotAParent


def _parents(
    person: uuid.UUID, people: Collection[Participant], relations: Collection[Relation], day: datetime.date
) -> set[uuid.UUID]:
    answering = guardians_of(person, people, relations)
    if any(one.root == person and is_minor(one, day) for one in people):
        return answering
    parents = {one.from_participant for one in relations if one.to_participant == person and one.kind == Relation.Kind.PARENT}
    return answering | parents
