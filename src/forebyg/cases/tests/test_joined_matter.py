"""A matter that joined another: its old address leads to the other's own, and nothing is shown under the old one."""

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play
from forebyg.matters.models import Matter

TABS = ["case", "people", "timeline", "tasks", "assessments", "items", "measures", "sharing"]


class Joined:
    """Two cases of VINK's, of which the first joined the second; the client is VINK's."""

    def __init__(self, cast: dict[str, Worker], client: Client) -> None:
        first, self.play = Play(cast).to(Step.RECEIVED), Play(cast).to(Step.RECEIVED)
        self.old, self.own = first.case().matter.reference, self.play.case().matter.reference
        with as_owner():  # what an administrator of the database would do; no action joins matters yet
            Matter.objects.filter(id=first.matter_id).update(joined_into=self.play.matter_id)
        client.force_login(cast["vink"])


@pytest.fixture
def joined(cast: dict[str, Worker], client: Client) -> Joined:
    """See the class."""
    return Joined(cast, client)


@pytest.mark.req("B-001", part="the old address of a joined matter leads to the other's own")
@pytest.mark.parametrize("tab", TABS)
def test_each_page_of_a_joined_matter_leads_to_its_own_address(joined: Joined, client: Client, tab: str) -> None:
    answer = client.get(reverse(f"cases:{tab}", args=[joined.old]) + "?side=2")
    assert (answer.status_code, answer["Location"]) == (302, reverse(f"cases:{tab}", args=[joined.own]) + "?side=2")
    [event] = joined.play.ledger("case.led-on")
    assert event.codes == {"asked_for": joined.old}
    assert joined.play.ledger("case.seen") == [], "nothing has been shown yet"
    assert client.get(reverse(f"cases:{tab}", args=[joined.own])).status_code == 200
    assert len(joined.play.ledger("case.seen")) == len(joined.play.ledger("case.led-on")) == 1


def test_the_page_of_a_person_and_a_form_lead_on_too(joined: Joined, client: Client) -> None:
    son = joined.play.person("son")
    for name, rest in (("cases:person", [son]), ("cases:act-oplysning", [])):
        answer = client.get(reverse(name, args=[joined.old, *rest]))
        assert (answer.status_code, answer["Location"]) == (302, reverse(name, args=[joined.own, *rest]))
    assert len(joined.play.ledger("case.led-on")) == 2
    assert joined.play.ledger("act.opened") == []


def test_what_stands_in_a_form_that_was_open_is_kept_in_the_case_that_it_joined(joined: Joined, client: Client) -> None:
    answer = client.post(reverse("cases:act-til-enheden", args=[joined.old]), {"seen": joined.play.version})
    assert (answer.status_code, answer["Location"]) == (302, reverse("cases:case", args=[joined.own]))
    assert joined.play.step is Step.DISCUSSION


def test_who_does_not_know_the_other_matter_is_told_nothing(joined: Joined, client: Client, cast: dict[str, Worker]) -> None:
    client.force_login(cast["dks"])
    assert client.get(reverse("cases:case", args=[joined.old])).status_code == 404
