"""The pages about the strategy: what they show, in which language, and to whom."""

from __future__ import annotations

import html
import re

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.strategy.queries import current_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, cast: dict[str, Worker]) -> Client:
    client.force_login(cast["mentor"])
    return client


def words(client: Client, address: str) -> str:
    """The text of a page's main part, as a person reads it."""
    answer = client.get(address)
    assert answer.status_code == 200
    written = answer.content.decode()
    main = written[written.index("<main") : written.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_interventions_stand_under_their_levels_and_annex_measures_apart(signed_in: Client) -> None:
    page = words(signed_in, reverse("strategy:interventions"))
    pack = current_pack("copenhagen-2016")
    places = [page.index(level.name.da) for level in pack.levels]
    assert places == sorted(places)
    for level in pack.levels:
        assert level.summary.da in page
    for one in pack.interventions:
        assert one.name.da in page
    assert page.index("Tiltag, der kun er nævnt i et bilag") > places[-1]
    assert page.count(pack.intervention("exit-indsats").name.da) == 2
    assert page.count(pack.intervention("bilag-kildekritik").name.da) == 1


@pytest.mark.req("R-173")
def test_an_intervention_shows_status_and_start(signed_in: Client) -> None:
    hotline = words(signed_in, reverse("strategy:intervention", args=["national-hotline"]))
    assert "Status Starter op" in hotline
    assert "Start 1. februar 2016" in hotline
    assert "Undersøges" in words(signed_in, reverse("strategy:intervention", args=["paaroerendekurser"]))


@pytest.mark.req("R-111")
def test_every_intervention_of_the_action_plan_has_a_page_with_all_it_holds(signed_in: Client) -> None:
    pack = current_pack("copenhagen-2016")
    for one in pack.action_plan:
        page = words(signed_in, reverse("strategy:intervention", args=[one.id]))
        held = [one.summary, *one.contents, *one.topics, *one.conditions, *one.legal_notes, *one.notes]
        held += [wish.name for wish in one.wishes] + [element.name for element in one.elements]
        held += [pack.actor(id).name for id in one.responsible_refs + one.partner_refs]
        held += [pack.level(id).name for id in one.level_refs]
        held += [pack.target(id).name for id in one.target_refs + one.capacity_refs]
        missing = [text.da for text in held if " ".join(text.da.split()) not in page]
        assert not missing, one.id


@pytest.mark.req("R-176")
def test_definitions_stand_where_their_terms_are_used(signed_in: Client) -> None:
    page = signed_in.get(reverse("strategy:goals")).content.decode()
    pack = current_pack("copenhagen-2016")
    for id in ("radikaliseringstruet", "radikaliseret", "medborgerskab", "bekymringshenvendelse", "radikaliseringssag"):
        assert f'href="#begreb-{id}"' in page
        assert page.count(f'id="begreb-{id}"') == 1
        assert html.escape(pack.definition(id).summary.da) in page


@pytest.mark.req("R-146", part="on the page of goals")
def test_figures_stand_beside_their_caveats(signed_in: Client) -> None:
    page = words(signed_in, reverse("strategy:goals"))
    assert "beviser ikke" in page
    pack = current_pack("copenhagen-2016")
    for indicator in pack.indicators:
        figure = f"{indicator.baseline.value} {indicator.unit.da} ( {indicator.baseline.year}".replace("( ", "(")
        start = page.index(figure)
        for caveat in indicator.caveats:
            assert caveat.text.da in page[start : start + 700]
    assert "18-29-årige" in page
    for target in pack.targets:
        assert target.name.da in page


@pytest.mark.parametrize("address", ["/indsatser/", "/indsatser/mentorstoette/", "/maal/"])
def test_each_page_says_which_pack_and_version_it_shows(signed_in: Client, address: str) -> None:
    assert "Pakke copenhagen-2016, version 1.0.0." in words(signed_in, address)


@pytest.mark.parametrize("address", ["/indsatser/", "/indsatser/exit-indsats/", "/maal/"])
def test_texts_follow_the_language_of_the_page(signed_in: Client, address: str) -> None:
    signed_in.cookies["forebyg_sprog"] = "en"
    page = words(signed_in, address)
    assert "City of Copenhagen" in page
    assert "radikaliserede" not in page


def test_an_intervention_that_the_pack_does_not_have_is_not_there(signed_in: Client) -> None:
    assert signed_in.get("/indsatser/findes-ikke/").status_code == 404


@pytest.mark.parametrize("address", ["/indsatser/", "/indsatser/mentorstoette/", "/maal/"])
def test_a_worker_without_a_role_is_refused(client: Client, cast: dict[str, Worker], address: str) -> None:
    worker = cast["mentor"]
    with as_owner():
        worker.holdings.all().delete()
    client.force_login(worker)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", ["/indsatser/", "/indsatser/mentorstoette/", "/maal/"])
def test_nobody_reads_without_signing_in(client: Client, address: str) -> None:
    assert client.get(address).status_code in (302, 401)
