"""The triage clock follows the unit's pack: what severities are called, when it starts, what stops it, and which hours count."""

import copy
import datetime
from typing import Any

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases.actions import assessing, triage
from forebyg.cases.models import Clock
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.working_time import is_working_day
from forebyg.strategy.editions import content_of, hash_of
from forebyg.strategy.models import PackEdition
from forebyg.strategy.queries import current_pack

PACK = "copenhagen-2016"
HOUR = datetime.timedelta(hours=1)


def _load(*, names: dict[str, str] | None = None, hours: dict[str, int] | None = None, **rules: str) -> None:
    """Load an edition of the pack with other names, hours and rules of the clock."""
    content: dict[str, Any] = copy.deepcopy(content_of(current_pack(PACK)))
    pathway = content["case_pathway"]
    pathway["triage_clock"] |= rules
    for limit in pathway["triage"]:
        severity = limit["severity"]
        limit["hours"] = (hours or {}).get(severity, limit["hours"])
        limit["severity_name"]["da"] = (names or {}).get(severity, limit["severity_name"]["da"])
    with as_owner():
        newest = PackEdition.objects.filter(pack_id=PACK).latest("loaded_at")
        PackEdition.objects.create(
            pack_id=PACK,
            version="med andre frister",
            content=content,
            content_hash=hash_of(content),
            loaded_at=newest.loaded_at + datetime.timedelta(days=1),
        )


def _choose(play: Play, *chosen: tuple[str, str]) -> None:
    for kind, value in chosen or (("severity", "low"), ("local-action", "yes")):
        assessing.qualify(**play.by(), kind=kind, value=value, reason="Efter drøftelsen.")


def _clocks(play: Play) -> list[Clock]:
    play.become("vink")
    return list(Clock.objects.filter(matter=play.matter_id, rule=Clock.Rule.TRIAGE).order_by("id"))


def _accept(play: Play) -> None:
    acting = play.by()
    triage.take_responsibility(**acting, text="VINK tager sagen.", happened_at=acting["now"])


@pytest.mark.req("R-072")
def test_names_start_stop_and_weekends_are_the_units_own(cast: dict[str, Worker], client: Client) -> None:
    """All four at once, with nothing but another edition of the pack loaded."""
    _load(
        names={"low": "Kan vente lidt"},
        hours={"low": 30 * 24},
        starts_at="receipt",
        stops_at="measures-agreed",
        calendar="weekdays",
    )
    play = Play(cast).to(Step.RECEIVED)
    received_at = play.case().moved_at
    play.pass_time(hours=5)
    _choose(play)
    [clock] = _clocks(play)
    assert clock.happened_at == received_at, "from the receipt, not from the finding"
    days = [timezone.localdate(received_at + number * HOUR) for number in range(int((clock.due_at - received_at) / HOUR))]
    weekday_hours = sum(map(is_working_day, days))
    assert abs(weekday_hours - 30 * 24) <= 1 and len(days) > weekday_hours, "thirty days that lie on weekdays"
    client.force_login(cast["vink"])
    reference = play.case().matter.reference
    assert "Kan vente lidt" in client.get(reverse("cases:assessments", args=[reference])).content.decode()
    assert "Alvorlighed: kan vente lidt" in client.get(reverse("cases:case", args=[reference])).content.decode()
    assert "Kan vente lidt – visiteres inden for 720 timer" in (
        client.get(reverse("cases:act-alvorlighed", args=[reference])).content.decode()
    )
    assert "Den stopper, når indsatsen er aftalt." in (
        client.get(reverse("cases:act-lokal-indsats", args=[reference])).content.decode()
    )
    _accept(play)
    assert _clocks(play)[0].stopped_at is None, "an authority's yes is not what this unit waits for"
    play.to(Step.MEASURES)
    play.agree()
    assert _clocks(play)[0].stopped_at == play.case().moved_at


@pytest.mark.req("R-072", part="what starts and stops it as the strategy reads")
def test_as_the_strategy_has_it_the_clock_runs_from_the_finding_to_the_acceptance(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.pass_time(hours=5)
    _choose(play)
    [clock] = _clocks(play)
    assert clock.happened_at - play.case().moved_at > 5 * HOUR - HOUR / 60
    _accept(play)
    assert _clocks(play)[0].stopped_at == play.now - datetime.timedelta(seconds=1)


@pytest.mark.req("R-072", part="a unit may let the clock run in every case")
def test_where_the_pack_says_always_a_severity_alone_starts_the_clock(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    _choose(play, ("severity", "high"))
    assert _clocks(play) == []
    _load(applies_if="always")
    play = Play(cast).to(Step.RECEIVED)
    _choose(play, ("severity", "high"))
    [clock] = _clocks(play)
    assert clock.due_at - clock.happened_at == 24 * HOUR


@pytest.mark.req("R-071", part="no exception where the unit's plan allows none")
def test_where_the_pack_allows_no_exception_none_is_recorded(cast: dict[str, Worker]) -> None:
    _load(exceptions="none")
    play = Play(cast).to(Step.RECEIVED)
    _choose(play, ("severity", "high"), ("local-action", "yes"))
    play.pass_time(hours=30)
    [clock] = _clocks(play)
    with refused(triage.NoExceptions):
        triage.explain_breach(**play.by(), clock=clock.root, reason="Familien var bortrejst.")


@pytest.mark.req("R-071")
def test_a_breach_is_shown_wherever_the_deadline_stands_and_then_with_its_reason(
    cast: dict[str, Worker], client: Client
) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("sekretariat")
    _choose(play, ("severity", "high"), ("local-action", "yes"))
    reference = play.case().matter.reference
    pages = {
        "vink": [reverse("cases:inbox"), reverse("cases:case", args=[reference]), reverse("cases:tasks", args=[reference])],
        "sekretariat": [reverse("cases:board")],
    }

    def shown() -> list[str]:
        found = []
        for key, addresses in pages.items():
            client.force_login(cast[key])
            found += [client.get(address).content.decode() for address in addresses]
        return found

    assert not any("t over" in _clock_text(page) for page in shown())
    play.pass_time(hours=30)
    assert all("6 t over" in _clock_text(page) for page in shown())
    [clock] = _clocks(play)
    client.force_login(cast["vink"])
    form = reverse("cases:act-frist-begrund", args=[reference])
    assert f"{form}?for={clock.root}" in client.get(reverse("cases:tasks", args=[reference])).content.decode()
    reason = "Familien var bortrejst og kunne først mødes i dag."
    answer = client.post(form, {"target": str(clock.root), "cause": "family", "reason": reason})
    assert answer.status_code == 302
    assert reason in client.get(reverse("cases:assessments", args=[reference])).content.decode()
    assert "overskridelsen er begrundet" in client.get(reverse("cases:tasks", args=[reference])).content.decode()
    assert all("6 t over" in _clock_text(page) for page in shown()), "explained is still late"


def _clock_text(page: str) -> str:
    return " ".join(page[page.index("<main") :].split())
