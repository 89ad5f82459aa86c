"""How an agency stands before the law: proposed by one, decided by another, and nothing before that."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import as_owner
from django.test import Client

from forebyg.access import legal_standing
from forebyg.access.models import Agency, LegalStanding, Worker
from forebyg.access.tests.rows import insert, refused, rows
from forebyg.access.tests.signing_in import events
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.core.ids import new_id
from forebyg.store.identity import act_as, now

pytestmark = pytest.mark.django_db
WHY = "Samarbejdsaftalen er underskrevet."


def propose(cast: dict[str, Worker], key: str = "mentor", *, by: str = "administrator", **given: Any) -> LegalStanding:
    """A proposal for the agency of a worker."""
    act_as(cast[by].id)
    said = {"forums": ["ssp", "psp"], "has_public_task": False, "reason": WHY} | given
    return legal_standing.propose_standing(worker=cast[by], agency_id=cast[key].agency_id, now=now(), **said)


def decide(cast: dict[str, Worker], proposal: LegalStanding, outcome: str = "accepted", *, by: str = "jurist") -> Agency:
    """A word on a proposal."""
    act_as(cast[by].id)
    return legal_standing.decide_standing(worker=cast[by], proposal_id=proposal.id, outcome=outcome, now=now())


def stands(cast: dict[str, Worker], key: str = "mentor") -> tuple[list[str], bool | None]:
    """How an agency stands in the database."""
    agency = Agency.objects.get(pk=cast[key].agency_id)
    return agency.forums, agency.has_public_task


@pytest.mark.req("R-097", part="how an agency stands before the law is changed by two persons, and each step is kept")
def test_a_proposal_changes_nothing_until_another_person_accepts_it(cast: dict[str, Worker]) -> None:
    before = stands(cast)
    proposal = propose(cast)
    assert stands(cast) == before
    decide(cast, proposal)
    assert stands(cast) == (["ssp", "psp"], False)
    kept = [one for one in events() if one["action"].startswith("standing-")]
    assert [(one["action"], one["worker_id"]) for one in kept] == [
        ("standing-proposed", cast["administrator"].id),
        ("standing-accepted", cast["jurist"].id),
    ]
    assert all(one["codes"]["forums"] == ["ssp", "psp"] and one["codes"]["public_task"] == "no" for one in kept)
    assert WHY not in str(kept)


def test_what_is_declined_or_taken_back_changes_nothing_and_makes_room(cast: dict[str, Worker]) -> None:
    before = stands(cast)
    decide(cast, propose(cast), "declined")
    second = propose(cast)
    legal_standing.withdraw_standing(worker=cast["administrator"], proposal_id=second.id, now=now())
    assert stands(cast) == before
    with pytest.raises(legal_standing.AlreadyDecided):
        decide(cast, second)
    third = propose(cast)
    with pytest.raises(legal_standing.AlreadyProposed):
        propose(cast, forums=["ksp"])
    decide(cast, third)
    with pytest.raises(legal_standing.AlreadyDecided):
        decide(cast, third)


def test_bad_input_is_refused_and_leaves_nothing(cast: dict[str, Worker]) -> None:
    forums, task = stands(cast)
    for given, error in (
        ({"forums": forums, "has_public_task": task}, legal_standing.NothingNew),
        ({"reason": "  "}, legal_standing.ReasonMissing),
    ):
        with pytest.raises(error):
            propose(cast, **given)
    with pytest.raises(NotVisible):
        legal_standing.fetch_agency(cast["administrator"], new_id())
    for key in ("vink", "jurist", "dpo", "sekretariat"):
        with pytest.raises(NotPermitted):
            propose(cast, by=key)
    proposal = propose(cast)
    for key in ("vink", "administrator", "dpo"):
        with pytest.raises(NotPermitted):
            decide(cast, proposal, by=key)
    assert stands(cast) == (forums, task)


@pytest.mark.req("R-097", part="PostgreSQL lets nobody decide the own proposal, and nobody else change an agency")
def test_postgresql_wants_two_persons(cast: dict[str, Worker]) -> None:
    proposal = propose(cast)
    with as_owner():
        insert("access_roleholding", worker_id=cast["administrator"].id, role="legal-reviewer")
    both = Worker.objects.select_related("agency", "unit").get(pk=cast["administrator"].pk)
    with pytest.raises(legal_standing.OwnProposal):
        decide({**cast, "administrator": both}, proposal, by="administrator")
    for key, said in (
        ("administrator", "accepted"),
        ("vink", "accepted"),
        ("vink", "withdrawn"),
        ("jurist", "withdrawn"),
        ("jurist", ""),
    ):
        act_as(cast[key].id)
        with refused():
            rows("SELECT access.decide_standing(%s, %s)", proposal.id, said)
        with refused():
            rows("UPDATE access_agency SET forums = '{ssp}' RETURNING 1")
        with refused():
            rows("UPDATE access_legalstanding SET outcome = 'accepted' RETURNING 1")
    for key in ("vink", "jurist", "dpo"):
        act_as(cast[key].id)
        with refused():
            insert(
                "access_legalstanding",
                agency_id=cast["skole"].agency_id,
                forums=["ssp"],
                proposed_by_id=cast[key].id,
                outcome="",
            )
    act_as(cast["administrator"].id)
    plain = {"agency_id": cast["skole"].agency_id, "forums": ["ssp"], "outcome": "", "proposed_by_id": cast["administrator"].id}
    for wrong in ({"outcome": "accepted"}, {"proposed_by_id": cast["jurist"].id}):
        with refused():
            insert("access_legalstanding", **(plain | wrong))
    with refused("23514"):
        insert("access_legalstanding", **(plain | {"forums": ["xyz"]}))
    for key, expected in (("jurist", 1), ("administrator", 1), ("vink", 0), ("dpo", 0)):
        act_as(cast[key].id)
        assert LegalStanding.objects.count() == expected, key


def test_what_follows_is_said_before_it_is_so(cast: dict[str, Worker]) -> None:
    agency = Agency(forums=["ssp"], has_public_task=True)
    said = [str(one) for one in legal_standing.what_follows(agency, forums=["psp"], has_public_task=False)]
    assert len(said) == 4
    assert "ikke længere" in said[0] and "SSP" in said[0]
    assert "PSP" in said[1] and "står uden for" in said[2] and "allerede er videregivet" in said[3]
    assert legal_standing.what_follows(agency, forums=["ssp"], has_public_task=True) == []


def test_the_pages_take_it_from_proposal_to_decision(cast: dict[str, Worker], recently: None) -> None:
    setting_up, reviewing = Client(), Client()
    setting_up.force_login(cast["administrator"])
    reviewing.force_login(cast["jurist"])
    here = f"/myndigheder/{cast['mentor'].agency_id}/"
    assert setting_up.post(f"{here}foreslaa/", {"forums": ["ssp"], "public_task": "no", "reason": ""}).status_code == 422
    assert setting_up.post(f"{here}foreslaa/", {"forums": ["xyz"], "public_task": "no", "reason": WHY}).status_code == 422
    assert setting_up.post(f"{here}foreslaa/", {"forums": ["ssp"], "reason": "x" * 5000}).status_code == 422
    sent = setting_up.post(f"{here}foreslaa/", {"forums": ["ssp"], "public_task": "no", "reason": WHY}, follow=True)
    assert "Forslag, der venter" in sent.content.decode() and "Afgør forslaget" not in sent.content.decode()
    assert "Venter på svar" in reviewing.get("/myndigheder/").content.decode()
    shown = reviewing.get(here).content.decode()
    assert WHY in shown and "står uden for" in shown and "Afgør forslaget" in shown and "Træk forslaget" not in shown
    with as_owner():
        [proposal] = LegalStanding.objects.all()
    assert reviewing.post(f"/myndigheder/forslag/{proposal.id}/", {}).status_code == 422
    done = reviewing.post(f"/myndigheder/forslag/{proposal.id}/", {"outcome": "accepted"}, follow=True)
    assert "Tidligere forslag" in done.content.decode()
    assert stands(cast) == (["ssp"], False)
    assert reviewing.post(f"/myndigheder/forslag/{proposal.id}/", {"outcome": "declined"}).status_code == 409
    assert setting_up.post(f"/myndigheder/forslag/{proposal.id}/traek/").status_code == 409


def test_the_pages_ask_the_database_a_constant_number_of_times(
    cast: dict[str, Worker], recently: None, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(cast["administrator"])
    client.get("/myndigheder/")
    with django_assert_max_num_queries(12):
        client.get("/myndigheder/")
