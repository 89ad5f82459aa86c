"""What the packs that come with Forebyg hold, and the look-ups that other rooms use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from forebyg.strategy.reading import PACKS, read_pack
from forebyg.strategy.schema import Pack

PACK_FILES = sorted(PACKS.glob("*.yaml"))


@pytest.fixture(scope="module")
def copenhagen() -> Pack:
    return read_pack(PACKS / "copenhagen-2016.yaml")


@pytest.mark.parametrize("path", PACK_FILES, ids=lambda path: path.stem)
def test_every_pack_that_comes_along_reads(path: object) -> None:
    pack = read_pack(path)  # type: ignore[arg-type]
    assert pack.meta.id == path.stem  # type: ignore[attr-defined]


@pytest.mark.req("R-111")
def test_the_eleven_interventions_of_the_action_plan_are_whole(copenhagen: Pack) -> None:
    assert [one.id for one in copenhagen.action_plan] == [
        "medborgerskab-i-skoler-og-fritid",
        "medborgerforum",
        "opsoegende-arbejde",
        "vidensoplaeg-og-raadgivning",
        "mentorstoette",
        "foraeldrecoaching",
        "national-hotline",
        "boerne-og-socialfaglig-raadgivning",
        "paaroerendekurser",
        "kriminalforsorg-pilot",
        "exit-indsats",
    ]
    for one in copenhagen.action_plan:
        assert one.level_refs and one.wishes and one.responsible_refs and one.partner_refs and one.audience, one.id
        assert one.summary.da and one.summary.en
    with_contents = [one.id for one in copenhagen.action_plan if one.contents or one.elements]
    assert with_contents == [
        "medborgerskab-i-skoler-og-fritid",
        "medborgerforum",
        "vidensoplaeg-og-raadgivning",
        "mentorstoette",
        "kriminalforsorg-pilot",
        "exit-indsats",
    ]


@pytest.mark.req("R-112")
def test_supporting_activities_stand_at_their_level(copenhagen: Pack) -> None:
    supporting = {
        level.id: [one.id for one in copenhagen.interventions_at(level.id) if one.kind == "supporting-activity"]
        for level in copenhagen.levels
    }
    assert [len(supporting[level]) for level in ("forebyggende", "foregribende", "indgribende")] == [4, 3, 0]


@pytest.mark.req("R-113")
def test_the_exit_intervention_belongs_to_two_levels(copenhagen: Pack) -> None:
    exit_one = copenhagen.intervention("exit-indsats")
    assert set(exit_one.level_refs) == {"indgribende", "foregribende"}
    assert exit_one in copenhagen.interventions_at("indgribende")
    assert exit_one in copenhagen.interventions_at("foregribende")
    assert [element.order for element in exit_one.elements] == list(range(1, 9))


def test_the_pathway_has_nine_steps_and_the_triage_hours_of_the_reading(copenhagen: Pack) -> None:
    assert [step.number for step in copenhagen.steps] == list(range(1, 10))
    assert copenhagen.step(5).conditions[0].age is not None
    assert copenhagen.step(5).conditions[0].age.covers(17)
    assert not copenhagen.step(5).conditions[0].age.covers(18)
    assert copenhagen.triage_hours == {"high": 24, "medium": 48, "low": 72}
    assert copenhagen.triage_limits[0].reading_of("severity") is not None
    assert copenhagen.case_pathway.triage_clock.starts_at == "later-of-receipt-and-need-found"
    assert copenhagen.outcome("handed-to-pet").name.da == "Overleveret til PET"


@pytest.mark.req("R-171", part="held for each case type")
def test_each_case_type_has_a_procedure_that_says_it_is_a_sample(copenhagen: Pack) -> None:
    assert [one.id.removeprefix("sagstype-") for one in copenhagen.case_types] == [
        "boern",
        "voksne-psykiatri",
        "voksne-uden-psykiatri",
        "crossover-kriminalitet",
        "oevrige",
    ]
    assert copenhagen.case_type("sagstype-oevrige").open_ended
    for case_type in copenhagen.case_types:
        procedure = copenhagen.procedure_for(case_type.id)
        assert procedure is not None
        assert 5 <= len(procedure.checklist) <= 8
        assert procedure.sample
        assert procedure.approved_by is None
    assert copenhagen.procedure_for("gruppe-hjemvendte") is None


def test_the_figures_keep_their_readings(copenhagen: Pack) -> None:
    """A-05, A-06, A-18, A-19."""
    assert copenhagen.definition("sagsforloeb-begreb").reading_of("summary") is not None
    for year in (2014, 2015):
        whole = copenhagen.statistic(f"stat-sagsforloeb-{year}").value
        parts = [copenhagen.statistic(f"stat-{course}-{year}").value for course in ("mentorforloeb", "foraeldrecoach")]
        assert sum(parts) == whole
    assert copenhagen.goals[0].indicator_refs == copenhagen.goals[1].indicator_refs
    assert copenhagen.indicator("ind-sagsforloeb").direction == "ambiguous-long-term-down"
    assert copenhagen.budget is not None
    totals = {one.year: one.total for one in copenhagen.budget.year_totals}
    assert totals == {2016: Decimal("3.8"), 2017: Decimal("7.1"), 2018: Decimal("6.8"), 2019: Decimal("5.5")}
    assert copenhagen.budget.grand_total == Decimal("23.2")
    assert copenhagen.budget_line("budget-koordineringsenhed").total is None
    assert copenhagen.budget_line("budget-koordineringsenhed").amounts == ()


def test_the_gaps_of_the_plan_are_found(copenhagen: Pack) -> None:
    uncovered = copenhagen.uncovered_recommendations
    assert [one.number for one in uncovered] == [5, 7, 8, 9, 10, 11, 12, 15]
    assert sum(len(one.uncovered) for one in uncovered) == 11


def test_the_example_case_is_whole(copenhagen: Pack) -> None:
    case = copenhagen.example_case
    assert case is copenhagen.example("case-2016")
    assert len(case.events) == 28
    assert [subject.id for subject in case.subjects if subject.concern_subject] == ["case-far", "case-soen"]
    found, triaged = case.events[7], case.events[14]
    assert (found.severity, triaged.triage_ref) == ("medium", "visitation-48")
    assert triaged.day_offset - found.day_offset == 2
    assert case.events[-1].outcome_ref == "handed-to-ordinary-system"


def test_look_ups_refuse_what_the_pack_does_not_have(copenhagen: Pack) -> None:
    for look_up in (copenhagen.actor, copenhagen.intervention, copenhagen.definition, copenhagen.target, copenhagen.level):
        with pytest.raises(KeyError):
            look_up("findes-ikke")
    with pytest.raises(KeyError):
        copenhagen.step(10)


def test_a_pack_never_changes(copenhagen: Pack) -> None:
    with pytest.raises(ValidationError):
        copenhagen.meta.version = "9.9.9"  # type: ignore[misc]


def test_another_municipality_has_other_limits_types_and_levels() -> None:
    lilleby = read_pack(PACKS / "lilleby-2016.yaml")
    assert lilleby.triage_hours == {"high": 24, "medium": 72, "low": 168}
    assert len(lilleby.case_types) == 3
    assert lilleby.budget is None
    assert any("mentor" in one.id for one in lilleby.action_plan)
    with pytest.raises(KeyError):
        _ = lilleby.example_case
