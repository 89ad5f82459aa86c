"""Not to be asked again: a person's wish, that nobody has to give a reason for (B-031)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.cases.actions.keeping import Deed
from forebyg.cases.actions.triage import stop
from forebyg.cases.models import Answer, Case, Clock, Offer
from forebyg.cases.queries import records_of
from forebyg.core.errors import RuleBroken


class DoesNotWantToBeAsked(RuleBroken):
    """An offer to someone who does not want to be asked again, and has not asked for it."""

    code = "does-not-want-to-be-asked"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Personen har bedt om ikke at blive spurgt igen. Sæt kryds ved, at personen selv har bedt om tilbuddet, hvis det er sådan."
            )
        )


class YesIsNoObjection(RuleBroken):
    """Who says yes has not asked to be left alone."""

    code = "yes-is-no-objection"

    def __init__(self) -> None:
        super().__init__(_("Et ja kan ikke registreres sammen med, at personen ikke vil spørges igen. Vælg et af dem."))


def check_objection(kind: str, *, asks_no_more: bool) -> None:
    """Raise `YesIsNoObjection` when the answer is a yes."""
    if asks_no_more and kind == Answer.Kind.ACCEPTED:
        raise YesIsNoObjection


def check_may_be_asked(deed: Deed, to: uuid.UUID, *, is_asked_for: bool) -> None:
    """Raise `DoesNotWantToBeAsked` when someone said so for this person, and nobody asked for the offer."""
    if not is_asked_for and to in not_to_be_asked(deed.worker, deed.case):
        raise DoesNotWantToBeAsked


def not_to_be_asked(worker: Worker, case: Case) -> set[uuid.UUID]:
    """Those who are not to be asked again, as far as the worker sees the answers; two queries."""
    return objecting(records_of(worker, case, Offer), records_of(worker, case, Answer))


def objecting(offers: Iterable[Offer], answers: Iterable[Answer]) -> set[uuid.UUID]:
    """For whom somebody wants no more offers: the person, or for a child also a guardian. Who said so lifts it by saying yes
    later. Answers come oldest first."""
    offered_to = {offer.root: offer.about[0] for offer in offers}
    wishes: dict[tuple[uuid.UUID, uuid.UUID], bool] = {}
    for answer in answers:
        person = offered_to.get(answer.offer)
        if person is None:
            continue
        if answer.asks_no_more:
            wishes[person, answer.answered_by] = True
        elif answer.kind == Answer.Kind.ACCEPTED:
            wishes[person, answer.answered_by] = False
    return {person for (person, _by), wish in wishes.items() if wish}


def stop_re_offers(deed: Deed, person: uuid.UUID) -> None:
    """Nobody is reminded to ask this person again, of any offer."""
    waiting = Clock.objects.visible_to(deed.worker).filter(
        matter=deed.case.matter_id, rule=Clock.Rule.RE_OFFER, stopped_at=None, about=[person]
    )
    for clock in waiting:
        stop(deed, clock)
