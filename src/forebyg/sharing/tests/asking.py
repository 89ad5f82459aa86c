"""Requests as tests make them: VINK asks in its case about a son, under SSP if nothing else is said."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.utils import timezone

from forebyg.cases.actions import noting
from forebyg.cases.finding import Terms
from forebyg.cases.models import Item
from forebyg.cases.tests.cast import Play, an_item
from forebyg.sharing.requests import actions
from forebyg.sharing.requests.models import InformationRequest, RequestAnswer

SSP = Terms(forum="ssp")
QUESTION = "Har I set noget, der bekymrer jer?"
NEED = "Enheden skal vurdere, om der er grund til bekymring."
TOLD = "Den unge har stået uden for klubben med flyveblade."


def ask(play: Play, whom: str = "dks", *, by: str = "vink", **values: Any) -> InformationRequest:
    """A request to the agency of a worker, who becomes its contact when nobody there has access."""
    acting = play.by(by)
    given = {
        "asked": play.agency(whom),
        "contact": play.cast[whom].id,
        "persons": [play.person("son")],
        "question": QUESTION,
        "necessity": NEED,
        "terms": SSP,
        "due_on": timezone.localdate(acting["now"]) + datetime.timedelta(days=7),
    }
    return actions.ask_agency(**acting, **given | values)


def write(play: Play, key: str = "dks", text: str = TOLD, **values: Any) -> Item:
    """An item of information of an agency's own, about nobody that it does not know."""
    acting = play.by(key)
    given = {"about": [play.person("son")] if key == "vink" else [], "happened_at": acting["now"]} | values
    forum = given.pop("forum", "own")
    return noting.write_item(**acting, item=an_item(text, forum=forum), **given)


def answer(play: Play, request: InformationRequest, *items: Item, by: str = "dks", **values: Any) -> RequestAnswer:
    """An answer with these items."""
    given = {"necessity": "Enheden har brug for det.", "terms": SSP} | values
    records = [(item._meta.db_table, item.root) for item in items]
    return actions.answer_request(**play.by(by), request=request.root, records=records, **given)


def decline(
    play: Play, request: InformationRequest, reason: str = "Vi har ikke grundlag for at svare.", *, by: str = "dks"
) -> RequestAnswer:
    """A refusal."""
    return actions.decline_request(**play.by(by), request=request.root, reason=reason)


def withdraw(
    play: Play, request: InformationRequest, reason: str = "Det er ikke længere nødvendigt.", *, by: str = "vink"
) -> None:
    """The asker takes it back."""
    actions.withdraw_request(**play.by(by), request=request.root, reason=reason)


def seen_by(play: Play, key: str, root: uuid.UUID) -> InformationRequest | None:
    """The request as a worker sees it, or nothing."""
    worker, _now = play.become(key)
    found: InformationRequest | None = InformationRequest.objects.visible_to(worker).filter(root=root).first()
    return found
