"""Parents each by their own record, involved less from 18; and what is different because somebody is a child."""

import datetime

import pytest
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases import jobs, rules
from forebyg.cases.actions import agreeing, consenting, measures, noting
from forebyg.cases.models import Task
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, refused
from forebyg.cases.tests.test_actions_agreeing import agree, let_father_know
from forebyg.cases.tests.test_jobs import _as_worker_role
from forebyg.people.consents import consents_of
from forebyg.people.models import Consent

MENTORING = "mentorstoette"


@pytest.fixture
def client(cast: dict[str, Worker]) -> Client:
    """VINK's worker, signed in."""
    signed_in = Client()
    signed_in.force_login(cast["vink"])
    return signed_in


def _about_to_be_18(cast: dict[str, Worker], *, days: int = 20) -> Play:
    """A son who turns 18 in so many days, his father, and a mother without custody."""
    born = Play(cast).now.date() + datetime.timedelta(days=days) - relativedelta(years=18)
    play = Play(
        cast,
        {
            "son": a_person("Søn", born_on=born.isoformat()),
            "father": a_person("Far", is_guardian=True, cooperation="cooperates"),
            "mother": a_person("Mor", is_guardian=True, cooperation="refuses", meets_apart=True),
        },
    )
    noting.relate(
        **play.by(),
        from_participant=play.person("mother"),
        to_participant=play.person("son"),
        kind="parent",
        has_custody=False,
    )
    return play


def _form(play: Play, client: Client, slug: str, target: object = None) -> str:
    address = reverse(f"cases:act-{slug}", args=[play.case().matter.reference])
    answer = client.get(address, {"for": str(target)} if target else {})
    assert answer.status_code == 200
    return answer.content.decode()


def _share(play: Play, by: str) -> Consent:
    acting = play.by()
    consent = Consent(
        kind="share",
        person=play.person("son"),
        answered_by=play.person(by),
        answer="given",
        intervention="",
        recipient=play.agency("dks"),
        text="Vi spurgte.",
    )
    return consenting.record_consent(**acting, consent=consent, happened_at=acting["now"])


def _offer(play: Play) -> object:
    acting = play.by()
    made = measures.make_offer(**acting, intervention=MENTORING, to=play.person("son"), text="", happened_at=acting["now"])
    return made.root


def _answer(play: Play, offer: object, by: str) -> None:
    acting = play.by()
    measures.answer_offer(
        **acting, offer=offer, kind="accepted", answered_by=play.person(by), text="", happened_at=acting["now"]
    )


@pytest.mark.req("R-104")
def test_from_18_parents_are_neither_asked_nor_led_to_nor_given_the_plan(cast: dict[str, Worker], client: Client) -> None:
    play = _about_to_be_18(cast).to(Step.MEASURES)
    son, father = play.person("son"), str(play.person("father"))
    agree(play, "son", "father")
    offer = _offer(play)
    _share(play, "father")
    printed = reverse("sharing:agreed", args=[play.case().matter.reference, play.person("father")])
    led_to = {"moede": None, "til-opfoelgning": None, "svar": offer, "aftale": son}
    assert all(father in _form(play, client, slug, target) for slug, target in led_to.items())
    assert client.get(printed).status_code == 200

    play.pass_time(days=25)
    worker, _now = play.become("vink")
    assert consents_of(worker, play.matter_id, son) == [], "the father's answer no longer counts"
    for slug in ("svar", "til-opfoelgning"):
        assert father not in _form(play, client, slug, led_to[slug]), slug
    meeting = _form(play, client, "moede")
    assert meeting.split("guardians_present")[1].split("apart_from")[0].count(father) == 0
    assert "aftaler selv" in _form(play, client, "aftale", son)
    with refused(consenting.OfAge):
        _share(play, "father")
    with refused(consenting.OfAge):
        _answer(play, offer, "father")
    with refused(agreeing.NoPartInIt):
        agree(play, "son", "father")
    assert client.get(printed).status_code == 404
    assert printed not in client.get(reverse("cases:plan", args=[play.case().matter.reference])).content.decode()

    let_father_know(play)
    assert all(father in _form(play, client, slug, target) for slug, target in led_to.items() if slug != "svar")
    agree(play, "son", "father", text="Far henter dig efter mødet.")
    assert "Far henter dig efter mødet." in client.get(printed).content.decode()


@pytest.mark.req("R-105")
def test_each_parent_stands_apart_with_cooperation_and_custody_and_custody_decides(
    cast: dict[str, Worker], client: Client
) -> None:
    play = _about_to_be_18(cast)
    address = reverse("cases:person", args=[play.case().matter.reference, play.person("son")])

    def rows() -> dict[str, str]:
        table = client.get(address).content.decode().split('id="foraeldre"')[1].split("</table>")[0]
        return {name: table.split(f">{name}</a>")[1].split("</tr>")[0] for name in ("Far", "Mor")}

    assert "Samarbejder" in rows()["Far"]
    assert "Ikke kendt" in rows()["Far"]
    assert "<td>Nej</td>" in rows()["Mor"]
    assert "Vil ikke samarbejde" in rows()["Mor"]
    assert "Mødes uden barnet" in rows()["Mor"]
    _share(play, "father")
    with refused(rules.NotAGuardian):
        _share(play, "mother")
    with refused(agreeing.NoPartInIt):
        agree(play, "son", "mother")
    noting.change_participant(**play.by(), root=play.person("father"), changes={"cooperation": "partly"})
    for parent, has_custody in (("father", False), ("mother", True)):
        noting.relate(
            **play.by(),
            from_participant=play.person(parent),
            to_participant=play.person("son"),
            kind="parent",
            has_custody=has_custody,
        )
    assert "Samarbejder delvist" in rows()["Far"]
    assert "<td>Nej</td>" in rows()["Far"]
    assert "<td>Ja</td>" in rows()["Mor"]
    _share(play, "mother")
    with refused(rules.NotAGuardian):
        _share(play, "father")


@pytest.mark.req("R-223")
def test_a_child_is_protected_until_18_and_the_rules_are_handed_over_on_the_day(
    cast: dict[str, Worker], client: Client
) -> None:
    play = _about_to_be_18(cast)
    address = reverse("cases:person", args=[play.case().matter.reference, play.person("son")])
    shown = client.get(address).content.decode()
    assert "Fordi personen er under 18 år" in shown
    assert "En forælder eller værge er med til møder og aftaler" in shown
    assert "Det gælder, til personen fylder 18 år" in shown
    assert "Fylder 18 år" in shown
    with refused(agreeing.PartMissing):
        agree(play, "son")
    play.to(Step.MEETING)
    play.admit_once("dks")
    with refused(rules.GuardianMissing):
        play.meet(guardians_present=[])
    play.meet()
    play.to(Step.MEASURES)
    offer = _offer(play)
    _answer(play, offer, "son")

    def start() -> None:
        acting = play.by()
        measures.start_course(**acting, offer=offer, holder_id=None, happened_at=acting["now"])

    with refused(rules.ConsentMissing):
        start()
    assert _as_worker_role(jobs.notice_who_turns_18, 0) == 1

    play.pass_time(days=21)
    assert _as_worker_role(jobs.notice_who_turns_18, 0) == 1
    worker, _now = play.become("vink")
    tasks = Task.objects.visible_to(worker).filter(matter=play.matter_id, about=[play.person("son")])
    assert set(tasks.values_list("kind", flat=True)) >= {"turns-18-soon", "turned-18"}
    shown = client.get(address).content.decode()
    assert "Fordi personen er under 18 år" not in shown
    assert "Er fyldt 18 år" in shown
    agree(play, "son")
    play.meet(guardians_present=[])
    with refused(consenting.OfAge):
        _share(play, "father")
    start()


def test_a_child_without_a_date_of_birth_is_protected_and_the_date_is_asked_for(
    cast: dict[str, Worker], client: Client
) -> None:
    play = Play(cast, {"son": a_person("Søn", stated_age="minor")})
    shown = client.get(reverse("cases:person", args=[play.case().matter.reference, play.person("son")])).content.decode()
    assert "Skriv fødselsdatoen, så I får besked i tide" in shown
    assert timezone.localdate(play.now)
