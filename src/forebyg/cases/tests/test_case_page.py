"""The page of a case: what each role sees of the same case, what is shown how, and what it costs."""

from __future__ import annotations

import datetime
import html
import re
import uuid

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases.actions import assessing, disclosing, ending, measures, noting, opening, triage, wrong_case
from forebyg.cases.models import Course, CourseEvent, Decision, Item
from forebyg.cases.queries import participants_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, an_item, born_years_ago
from forebyg.strategy.queries import current_pack

TABS = ["case", "people", "timeline", "tasks", "assessments", "items", "measures", "plan", "sharing"]
WHOLE_ONLY = ["assessments", "plan", "sharing"]
FOR_A_MENTOR = [tab for tab in TABS if tab not in WHOLE_ONLY]

KEPT = "Faren har talt om at sælge bilen for at få råd til rejsen."
TOLD = "Sønnen har købt en rygsæk og sagt farvel til en kammerat."
LOGGED = "Vi talte om drømme for fremtiden."


class Family(Play):
    """A son of 16, a father and a daughter. VINK leads, DKS and the school take part, the son has a mentor.

    VINK has kept one item about the father and told DKS one about the son. The school knows of the son alone.
    """

    def __init__(self, cast: dict[str, Worker]) -> None:
        today = timezone.localdate()
        people = {
            "son": a_person("Søn", born_on=born_years_ago(16, today)),
            "father": a_person("Far", is_subject=True, is_guardian=True),
            "daughter": a_person("Datter", is_involved=True, stated_age="minor", involved_because="Bor hjemme."),
        }
        super().__init__(cast, people)
        self.to(Step.RECEIVED)
        self.kept = self.write(KEPT, "father")
        self.told = self.write(TOLD, "son", forum="ssp")
        self.qualify("severity", "high")
        self.admit("dks", "skole")
        self.to(Step.MEASURES)
        self.disclose(self.told, *self.participants("son", "father"), to="dks")
        self.disclose(*self.participants("son"), to="skole")

    def write(self, text: str, about: str, *, by: str = "vink", **values: str) -> Item:
        """An item about one person."""
        acting = self.by(by)
        return noting.write_item(**acting, item=an_item(text, **values), about=[self.person(about)], happened_at=acting["now"])

    def qualify(self, kind: str, value: str, about: str | None = None, reason: str = "Sådan ser vi det nu.") -> None:
        """A choice of VINK's."""
        assessing.qualify(**self.by(), kind=kind, value=value, reason=reason, about=self.person(about) if about else None)

    def mentoring(self) -> Course:
        """The son's course with his mentor, who has written in the log."""
        acting = self.by()
        offer = measures.make_offer(
            **acting, intervention="mentorstoette", to=self.person("son"), text="", happened_at=acting["now"]
        )
        for by in ("son", "father"):
            acting = self.by()
            measures.answer_offer(
                **acting, offer=offer.root, kind="accepted", answered_by=self.person(by), text="", happened_at=acting["now"]
            )
        acting = self.by()
        course = measures.start_course(**acting, offer=offer.root, holder_id=self.cast["mentor"].id, happened_at=acting["now"])
        acting = self.by("mentor")
        measures.log_course(**acting, course=course.root, kind=CourseEvent.Kind.SESSION, text=LOGGED, happened_at=acting["now"])
        return course

    def participants(self, *keys: str) -> list[object]:
        """Participants as VINK has recorded them."""
        worker, _now = self.become("vink")
        roots = {self.person(key) for key in keys}
        return [one for one in participants_of(worker, self.case()) if one.root in roots]

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case().matter.reference


@pytest.fixture
def family(cast: dict[str, Worker]) -> Family:
    """See the class."""
    return Family(cast)


def ask(
    client: Client, family: Play, key: str, tab: str, query: str = "", *, status: int = 200, root: uuid.UUID | None = None
) -> str:
    """The HTML of a tab as a worker of the cast gets it."""
    reference = family.case().matter.reference
    family.become(key)
    client.force_login(family.cast[key])
    answer = client.get(reverse(f"cases:{tab}", args=[reference, root] if root else [reference]) + query)
    assert answer.status_code == status
    return answer.content.decode()


def words(written: str) -> str:
    """The text of the main part of a page, as a person reads it."""
    main = written[written.index("<main") : written.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def tabs_shown(written: str) -> list[str]:
    """The names in the menu of tabs."""
    menu = written[written.index('<ul class="sidemenu">') :]
    menu = menu[: menu.index("</ul>")]
    return [html.unescape(name).strip() for name in re.findall(r'class="nav-link"[^>]*><span>([^<]+)', menu)]


def everything(client: Client, family: Play, key: str, tabs: list[str]) -> str:
    """The text of several tabs."""
    return " ".join(words(ask(client, family, key, tab)) for tab in tabs)


# Who sees what


@pytest.mark.req("R-216", part="the pages of a case")
def test_four_roles_see_four_different_pages_of_the_same_case(client: Client, family: Family) -> None:
    family.mentoring()
    seen = {key: everything(client, family, key, TABS) for key in ("vink", "dks", "skole")}
    seen["mentor"] = everything(client, family, "mentor", FOR_A_MENTOR)
    who_sees = {
        KEPT: {"vink"},
        TOLD: {"vink", "dks"},
        LOGGED: {"vink", "mentor"},
        "Alvorlighed: høj": {"vink"},
        "Enheden er enig om vurderingen.": {"vink"},
    }
    for text, keys in who_sees.items():
        assert {key for key, page in seen.items() if text in page} == keys, text
    overview = {key: words(ask(client, family, key, "case")) for key in seen}
    assert len(set(overview.values())) == len(overview)
    assert "Far og Søn" in overview["dks"] or "Søn, 16 år og Far" in overview["dks"]
    assert "Søn, 16 år" in overview["skole"] and "Far" not in overview["skole"]
    assert "Datter" in overview["vink"]
    assert all("Datter" not in overview[key] for key in ("dks", "skole", "mentor"))


@pytest.mark.req("R-209", part="the pages of a case")
def test_the_mentor_of_the_son_never_sees_what_is_about_the_father(client: Client, family: Family) -> None:
    family.mentoring()
    for tab in FOR_A_MENTOR:
        page = ask(client, family, "mentor", tab)
        assert KEPT not in page
        assert str(family.person("father")) not in page
        assert "Far" not in re.findall(r"\w+", words(page))


@pytest.mark.req("R-209", part="the pages of a case")
def test_a_mentor_sees_her_participant_her_course_and_its_log_and_can_write_in_it(client: Client, family: Family) -> None:
    course = family.mentoring()
    overview = ask(client, family, "mentor", "case")
    assert tabs_shown(overview) == ["Overblik", "Personer", "Tidslinje", "Indsatser"]
    assert "Søn, 16 år" in words(overview)
    page = ask(client, family, "mentor", "measures")
    assert LOGGED in page
    assert f"goer/log/?for={course.root}" in page
    assert "goer/forloeb/" not in page
    for tab in WHOLE_ONLY:
        ask(client, family, "mentor", tab, status=404)


def test_dks_does_not_see_what_vink_kept(client: Client, family: Family) -> None:
    family.mentoring()
    for tab in TABS:
        page = ask(client, family, "dks", tab)
        for text in (KEPT, LOGGED, "Enheden er enig om vurderingen.", "Sådan ser vi det nu."):
            assert text not in page
        assert str(family.kept.root) not in page


def test_what_is_not_visible_is_not_hinted_at(client: Client, family: Family) -> None:
    before = {tab: words(ask(client, family, "dks", tab)) for tab in TABS}
    family.write("Noget, som DKS ikke får.", "father")
    family.qualify("severity", "low", reason="Noget andet.")
    assert {tab: words(ask(client, family, "dks", tab)) for tab in TABS} == before


def test_a_recipient_is_not_told_who_else_was_told(client: Client, family: Family) -> None:
    family.admit("ssp")
    family.disclose(family.told, to="ssp")
    ours = words(ask(client, family, "vink", "items"))
    assert "Delt med DKS og SSP København" in ours and "Kun os" in ours
    theirs = everything(client, family, "dks", ["timeline", "items"])
    assert "Delt med os" in theirs and "SSP København" not in theirs
    sharing = words(ask(client, family, "dks", "sharing"))
    assert "til SSP København" not in sharing


def test_a_case_that_is_missing_and_one_that_is_forbidden_look_the_same(client: Client, family: Family) -> None:
    references = (family.reference, "2026-9999")
    family.become("psykiatri")
    client.force_login(family.cast["psykiatri"])
    for tab in TABS:
        answers = [client.get(reverse(f"cases:{tab}", args=[reference])) for reference in references]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert _without_tokens(answers[0]) == _without_tokens(answers[1])


def _without_tokens(answer: HttpResponse) -> str:
    """A page without what is new in every answer, and without the address that was asked for."""
    varying = r'value="[A-Za-z0-9]{64}"|name="next" value="[^"]*"|data-session-\w+="[^"]*"'
    return re.sub(varying, "", answer.content.decode().replace(answer["X-Request-ID"], ""))


def test_a_person_who_is_missing_and_one_who_is_not_visible_look_the_same(client: Client, family: Family) -> None:
    for root in (family.person("father"), uuid.uuid4()):
        page = ask(client, family, "skole", "person", root=root, status=404)
        assert "Far" not in re.findall(r"\w+", words(page))


@pytest.mark.req("R-217", part="reads of a case")
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_leaves_one_event_that_says_who_saw_what(client: Client, family: Family, tab: str) -> None:
    ask(client, family, "dks", tab)
    seen = [event for event in family.ledger("case.seen") if event.worker_id == family.cast["dks"].id]
    assert len(seen) == 1
    assert seen[0].codes == {"tab": "overview" if tab == "case" else tab}
    assert {family.person("son"), family.person("father")} <= set(seen[0].record_ids)
    assert (family.told.root in seen[0].record_ids) == (tab in ("case", "timeline", "items", "sharing"))
    assert family.kept.root not in seen[0].record_ids


@pytest.mark.req("R-060")
def test_after_pet_nothing_but_the_frame_is_left_for_the_others(client: Client, family: Family) -> None:
    family.mentoring()
    acting = family.by("dks")
    ending.hand_to_pet(**acting, text="Politiet har overtaget sagen.", happened_at=acting["now"])
    for key, tabs in (("vink", TABS), ("mentor", TABS)):
        for tab in tabs:
            page = ask(client, family, key, tab)
            assert "Sagen er hos politiet. Opfølgningen er sat i bero." in words(page)
            assert "sidemenu" not in page
            for hidden in ("Søn", "Far", "Datter", KEPT, TOLD, "høj"):
                assert hidden not in words(page)
    police = words(ask(client, family, "dks", "items"))
    assert "Sagen er hos politiet. Opfølgningen er sat i bero." in police
    assert TOLD in police


# The bar


def test_the_title_holds_the_reference_and_nothing_else(client: Client, family: Family) -> None:
    for tab in TABS:
        page = ask(client, family, "vink", tab)
        title = page[page.index("<title>") + 7 : page.index("</title>")]
        assert title == f"Sag {family.reference} – Forebyg"


def test_the_bar_tells_how_the_case_stands_and_the_next_deadline(client: Client, family: Family) -> None:
    family.qualify("local-action", "yes")
    for tab in TABS:
        page = ask(client, family, "vink", tab)
        bar = words(page)
        for text in ("Trin 7 af 9: Indsats aftales", "Leder sagen VINK", "Har turen VINK (jer)", "Slettefrist Ikke fastsat"):
            assert text in bar
        assert "Grundlag for deling Retsplejelovens § 115, stk. 2 (demo, ikke godkendt)" in bar
        facts = page[page.index('<dl class="app-facts">') :]
        facts = facts[: facts.index("</dl>")]
        assert "Visitation" in facts and "tilbage" in facts and "<time datetime=" in facts and "app-clock is-soon" in facts


def test_a_deadline_that_passed_is_said_with_what_can_be_done(client: Client, family: Family) -> None:
    family.qualify("local-action", "yes")
    family.pass_time(hours=30)
    page = ask(client, family, "vink", "case")
    assert "Fristen er overskredet: visitation" in words(page)
    assert "goer/frist-begrund/?for=" in page and "goer/ansvar/" in page
    family.pass_time(seconds=1)
    clock = ask(client, family, "vink", "tasks")
    assert "goer/frist-bero/?for=" in clock


def test_one_primary_button_moves_the_case_on(client: Client, family: Family) -> None:
    page = ask(client, family, "vink", "case")
    assert page.count("button-primary") == 1 + page.count("data-app-session-failed")  # and the one that keeps the session
    assert 'id="case-next"' in page and "goer/til-opfoelgning/" in page


def test_a_tab_asked_for_by_htmx_is_the_same_page(client: Client, family: Family) -> None:
    family.become("vink")
    client.force_login(family.cast["vink"])
    headers = {"HX-Request": "true", "HX-Request-Type": "full"}
    answer = client.get(reverse("cases:items", args=[family.reference]), headers=headers)
    page = answer.content.decode()
    assert page.count('id="case-tab"') == 1 and TOLD in page
    assert page.count('hx-target="#case-tab"') == len(TABS) + 2, "and the requests, and the unit meetings"


# What is shown, and how


@pytest.mark.req("R-014", part="shown apart")
def test_kinds_of_knowledge_are_named_and_risk_and_protection_stand_side_by_side(client: Client, family: Family) -> None:
    kinds = {
        "statement": ("Udtalelse fra personen", {"source": "citizen"}),
        "claim": ("Påstand", {"source": "relative", "reliability": "second-hand"}),
        "assessment": ("Faglig vurdering", {"weight": "protective"}),
    }
    for kind, (_name, values) in kinds.items():
        family.write(f"Tekst om {kind}.", "son", kind=kind, **values)
    page = words(ask(client, family, "vink", "items"))
    for name, _values in kinds.values():
        assert name in page
    assert "Gengivet af andre" in page and "Forælder eller pårørende" in page
    risk, protective = page.index("Risikoforhold"), page.index("Beskyttende forhold")
    assert risk < page.index("Tekst om claim.") < protective < page.index("Tekst om assessment.")


@pytest.mark.req("R-082", part="the mark on screen")
def test_information_from_a_forum_bears_its_mark_wherever_its_text_stands(client: Client, family: Family) -> None:
    for key in ("vink", "dks"):
        for tab in ("timeline", "items"):
            page = words(ask(client, family, key, tab))
            assert page.count(TOLD) == 1
            told_to_them = 2 if key == "dks" and tab == "timeline" else 0  # the two persons, told under SSP as well
            assert page.count("Ikke til efterforskning") == page.count("Kun i SSP") == 1 + told_to_them, (key, tab)


def test_a_correction_shows_what_stood_before_and_why(client: Client, family: Family) -> None:
    noting.correct_item(**family.by(), root=family.told.root, text="Sønnen har lånt en rygsæk.", reason="Misforstået.")
    for key in ("vink", "dks"):
        page = words(ask(client, family, key, "items"))
        assert "Rettet" in page and "Begrundelse: Misforstået." in page
        assert page.index("Sønnen har lånt en rygsæk.") < page.index(TOLD)
        assert "Iagttagelse, rettet" in words(ask(client, family, key, "timeline"))


def test_an_item_that_was_retracted_stands_without_its_text(client: Client, family: Family) -> None:
    other = Family(family.cast)
    wrong_case.correct_wrong_case(**family.by(), root=family.told.root, to_case_id=other.case_id, reason="Forkert sag.")
    for key in ("vink", "dks"):
        for tab in ("case", "timeline", "items", "sharing"):
            assert TOLD not in ask(client, family, key, tab)
        assert "hørte til en anden sag" in words(ask(client, family, key, "items"))


@pytest.mark.req("R-030", part="the principle beside assessments")
def test_lawful_views_and_definitions_stand_beside_the_assessments(client: Client, family: Family) -> None:
    family.qualify("classification", "at-risk", "son")
    page = words(ask(client, family, "vink", "assessments"))
    assert "Holdninger er lovlige, også radikale" in page
    assert "Den unge har sagt, at han vil rejse." in page


@pytest.mark.req("R-176", part="on the tab of assessments")
def test_the_definition_of_a_classification_stands_where_it_is_used(client: Client, family: Family) -> None:
    definition = current_pack("copenhagen-2016").definition("radikaliseringstruet")
    assert definition.summary.da not in words(ask(client, family, "vink", "assessments"))
    family.qualify("classification", "at-risk", "son")
    page = ask(client, family, "vink", "assessments")
    assert '<details class="details" id="begreb-radikaliseringstruet">' in page
    assert " ".join(definition.summary.da.split()) in words(page)


@pytest.mark.req("R-025", part="shown over time")
@pytest.mark.req("R-029", part="no score on the page")
def test_choices_are_shown_over_time_with_their_reasons_and_nothing_is_computed(client: Client, family: Family) -> None:
    family.qualify("classification", "at-risk", "son", reason="Sådan var det først.")
    family.qualify("classification", "neither", "son", reason="Sådan er det nu.")
    page = words(ask(client, family, "vink", "assessments"))
    assert page.index("Ingen af delene") < page.index("Sådan er det nu.") < page.index("Sådan var det først.")
    assert not re.search(r"\b(score|point i alt|risikoscore|sum)\b", page, re.IGNORECASE)


@pytest.mark.req("R-028")
def test_each_case_type_brings_its_own_procedure_as_a_checklist_that_is_ticked_on_the_page(
    client: Client, family: Family
) -> None:
    pack = current_pack("copenhagen-2016")
    assert "Markér som gjort" not in words(ask(client, family, "vink", "assessments")), "no case type, no procedure"
    seen = set()
    for case_type in pack.case_types:
        family.qualify("case-type", case_type.id)
        page = words(ask(client, family, "vink", "assessments"))
        procedure = pack.procedure_for(case_type.id)
        assert procedure is not None, case_type.id
        points = [" ".join(point.text.da.split()) for point in procedure.checklist]
        assert all(point in page for point in points)
        others = {" ".join(p.text.da.split()) for one in pack.procedures if one.id != procedure.id for p in one.checklist}
        assert not any(point in page for point in others - set(points))
        assert page.count("Markér som gjort") == len(points)
        form = reverse("cases:act-procedure", args=[family.reference])
        answer = client.post(form, {"procedure": procedure.id, "point": len(points) - 1})
        assert answer.status_code == 302
        page = words(ask(client, family, "vink", "assessments"))
        assert page.count("Markér som gjort") == len(points) - 1
        assert page.index(points[-1]) < page.rindex("Gjort") and "VINKs medarbejder" in page
        seen.add(procedure.id)
    assert seen == {one.id for one in pack.procedures}


@pytest.mark.req("R-028", part="the checklist")
def test_the_procedure_of_the_case_type_is_a_checklist(client: Client, family: Family) -> None:
    family.qualify("case-type", "sagstype-boern")
    noting.tick_point(**family.by(), procedure="arbejdsgang-boern", point=0)
    page = ask(client, family, "vink", "assessments")
    points = current_pack("copenhagen-2016").procedure_for("sagstype-boern")
    assert points is not None
    for point in points.checklist:
        assert " ".join(point.text.da.split()) in words(page)
    assert page.count("procedure=arbejdsgang-boern") == len(points.checklist) - 1
    assert "Enheden har ikke godkendt arbejdsgangen endnu." in words(page)


@pytest.mark.req("R-066")
def test_the_timeline_is_told_per_case_and_per_person_newest_first(client: Client, family: Family) -> None:
    whole = words(ask(client, family, "vink", "timeline"))
    assert whole.index("Anden vurdering: bekræftet") < whole.index(TOLD) < whole.index(KEPT)
    son = words(ask(client, family, "vink", "person", root=family.person("son")))
    assert TOLD in son and KEPT not in son
    father = words(ask(client, family, "vink", "timeline", f"?person={family.person('father')}"))
    assert KEPT in father and TOLD not in father
    items = words(ask(client, family, "vink", "timeline", "?type=item"))
    assert KEPT in items and "Anden vurdering: bekræftet" not in items


@pytest.mark.parametrize("query", ["?type=findes-ikke", f"?person={uuid.UUID(int=7)}", "?person=far"])
def test_a_filter_that_the_page_does_not_have_leads_nowhere(client: Client, family: Family, query: str) -> None:
    ask(client, family, "vink", "timeline", query, status=404)


def test_a_long_timeline_is_paged_and_no_line_is_lost_or_shown_twice(client: Client, family: Family) -> None:
    for number in range(70):
        family.write(f"Linje nummer {number:03}.", "son")
    query, shown, pages = "?type=item", [], 0
    while query:
        page = ask(client, family, "vink", "timeline", query)
        shown += re.findall(r"Linje nummer (\d+)\.", words(page))
        older = re.search(r'href="(\?[^"]+)" rel="next"', page)
        query, pages = html.unescape(older.group(1)) if older else "", pages + 1
    assert shown == [f"{number:03}" for number in reversed(range(70))]
    assert pages == 3
    newer = re.search(r'href="(\?[^"]+)" rel="prev"', page)
    assert newer is not None
    back = words(ask(client, family, "vink", "timeline", html.unescape(newer.group(1))))
    assert re.findall(r"Linje nummer (\d+)\.", back) == [f"{number:03}" for number in reversed(range(10, 40))]


@pytest.mark.req("R-067", part="shown with each person")
def test_the_contact_who_took_responsibility_is_named_with_the_person(client: Client, family: Family) -> None:
    acting = family.by()
    triage.take_responsibility(**acting, text="VINK følger familien.", happened_at=acting["now"])
    assert "Ansvarlig kontakt VINKs medarbejder, VINK" in words(ask(client, family, "vink", "people"))


@pytest.mark.req("R-101", part="shown per measure")
@pytest.mark.req("R-102", part="shown on the tab of measures")
def test_offers_answers_and_courses_are_shown_with_dates_and_state(client: Client, family: Family) -> None:
    course = family.mentoring()
    acting = family.by()
    measures.change_course(
        **acting, course=course.root, kind=CourseEvent.Kind.ON_HOLD, text="Sønnen har eksamen.", happened_at=acting["now"]
    )
    page = words(ask(client, family, "vink", "measures"))
    assert "Sat i bero" in page and "Sønnen har eksamen." in page and LOGGED in page
    day = timezone.localdate(family.now)
    assert re.search(rf"Ja tak – Søn, {day.day}\. ", page) and re.search(rf"Ja tak – Far, {day.day}\. ", page)
    assert "Mentor for sønnen, Mentorkorpset" in page


@pytest.mark.req("R-065", part="missed meetings and alarms shown")
def test_missed_meetings_and_alarms_are_shown_with_how_they_ended(client: Client, family: Family) -> None:
    family.meet(result="missed", text="Familien kom ikke.", guardians_present=[])
    acting = family.by()
    alarm = noting.raise_alarm(
        **acting, kind="feared-departure", text="Sønnen er væk.", about=[family.person("son")], happened_at=acting["now"]
    )
    overview = ask(client, family, "vink", "case")
    assert "Alarm: frygt for udrejse" in words(overview) and f"goer/afslut-alarm/?for={alarm.root}" in overview
    acting = family.by()
    noting.end_alarm(**acting, alarm=alarm.root, text="Han var hos en ven.", happened_at=acting["now"])
    page = words(ask(client, family, "vink", "items"))
    assert "Borgeren udeblev".lower() in page.lower() and "Familien kom ikke." in page
    assert "Han var hos en ven." in page and "goer/afslut-alarm" not in ask(client, family, "vink", "case")


@pytest.mark.req("R-098", part="the list of disclosures")
def test_disclosures_tell_what_to_whom_why_and_on_which_basis(client: Client, family: Family) -> None:
    for key in ("vink", "dks"):
        page = words(ask(client, family, key, "sharing"))
        assert "Fra VINK til DKS" in page
        assert "Modtageren arbejder med samme familie." in page
        assert "Retsplejelovens § 115, stk. 2 (demo, ikke godkendt)" in page
    ours = ask(client, family, "vink", "sharing")
    assert "goer/traek-tilbage/?for=" in ours
    assert "goer/traek-tilbage/?for=" not in ask(client, family, "dks", "sharing")


def test_a_withdrawn_disclosure_stays_on_its_owners_list_alone(client: Client, family: Family) -> None:
    acting = family.by()
    told = [one for one in _disclosures(family) if one.record_root == family.told.root]
    disclosing.withdraw(**acting, disclosure=told[0].root, reason="Givet ved en fejl.")
    assert "Trukket tilbage" in words(ask(client, family, "vink", "sharing"))
    assert "Trukket tilbage" not in words(ask(client, family, "dks", "sharing"))
    for tab in TABS:
        assert TOLD not in ask(client, family, "dks", tab)


def _disclosures(family: Family) -> list[disclosing.Disclosure]:
    worker, _now = family.become("vink")
    return list(disclosing.Disclosure.objects.visible_to(worker))


@pytest.mark.req("R-208", part="who has access until when")
def test_who_of_the_own_agency_has_access_is_shown_with_its_end(client: Client, family: Family) -> None:
    acting = family.by()
    until = acting["now"] + datetime.timedelta(days=30)
    opening.give_access(**acting, colleague_id=family.cast["vink-kollega"].id, ends_at=until)
    page = words(ask(client, family, "vink", "sharing"))
    assert "VINKs kollega" in page
    assert "VINKs kollega" not in words(ask(client, family, "dks", "sharing"))


def test_what_a_person_wrote_is_shown_as_text(client: Client, family: Family) -> None:
    written = "<script>alert(1)</script> & <b>fed</b>"
    family.write(written, "son")
    page = ask(client, family, "vink", "items")
    assert "<script>alert" not in page and html.escape(written) in page


# What it costs


def _fill(family: Family, count: int) -> None:
    """`count` more of what can be many, and a few more courses."""
    for number in range(count):
        family.write(f"Nr. {number}.", "son", weight=["risk", "protective", "neutral"][number % 3])
        family.qualify("severity", ["high", "medium", "low"][number % 3])
        acting = family.by()
        decision = noting.write_decision(
            **acting,
            decision=Decision(kind="other", text="Besluttet.", responsible=acting["worker"]),
            about=[family.person("son")],
            happened_at=acting["now"],
        )
        family.disclose(decision, to="dks")
        noting.add_task(**family.by(), assigned_to=family.cast["vink"].agency, text=f"Gør {number}.", due_at=None)
        noting.add_participant(**family.by(), person=a_person(f"Ven {number}", is_involved=True))
        if number < 4:
            family.mentoring()
            family.meet(about=[family.person("son")])
    family.write("Den nyeste linje er altid en oplysning.", "son")


def test_the_number_of_queries_does_not_grow_with_the_records(client: Client, family: Family) -> None:
    reference = family.reference
    addresses = [reverse(f"cases:{tab}", args=[reference]) for tab in TABS]
    addresses.append(reverse("cases:person", args=[reference, family.person("son")]))
    _fill(family, 1)
    few = _queries(client, family, addresses)
    _fill(family, 40)
    assert _queries(client, family, addresses) == few
    assert max(few.values()) <= 45


def _queries(client: Client, family: Family, addresses: list[str]) -> dict[str, int]:
    family.become("vink")
    client.force_login(family.cast["vink"])
    client.get(addresses[0])  # the first request of a session writes it
    counts = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts[address] = len(queries)
    return counts
