"""Qualification over time, the unit's discussion, and the assessments of those who decide."""

import pytest

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import assessing, meeting
from forebyg.cases.models import Assessment, Decision, Qualification
from forebyg.cases.queries import current_qualification, records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, born_years_ago, refused
from forebyg.core.errors import NotPermitted
from forebyg.strategy.queries import pack_of

REASON = "Vurderet af medarbejderen."


def _qualify(play: Play, kind: str, value: str, **values: object) -> Qualification:
    return assessing.qualify(**play.by(), kind=kind, value=value, reason=REASON, **values)  # type: ignore[arg-type]


def _choices(play: Play, kind: str) -> list[str]:
    worker, _now = play.become("vink")
    return [one.value for one in records_of(worker, play.case(), Qualification) if one.kind == kind]


def _standing(play: Play, kind: str, about: str | None = None) -> str:
    worker, _now = play.become("vink")
    chosen = current_qualification(worker, play.case(), kind, play.person(about) if about else None)
    assert chosen is not None
    return chosen.value


def _two(cast: dict[str, Worker]) -> Play:
    """A case about two grown-up friends."""
    today = Play(cast).now.date()
    return Play(cast, {"son": a_person("Søn", born_on=born_years_ago(20, today)), "friend": a_person("Ven")})


# Qualification


@pytest.mark.req("R-025")
def test_a_classification_is_each_persons_own_and_changes_over_time(cast: dict[str, Worker]) -> None:
    play = _two(cast)
    for about, value in (("son", "at-risk"), ("friend", "radicalised"), ("son", "radicalised"), ("son", "neither")):
        _qualify(play, "classification", value, about=play.person(about))
    assert _standing(play, "classification", "son") == "neither"
    assert _standing(play, "classification", "friend") == "radicalised"
    assert _choices(play, "classification") == ["at-risk", "radicalised", "radicalised", "neither"]
    with refused(rules.SubjectMissing):
        _qualify(play, "classification", "at-risk")


def test_only_a_subject_is_classified(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(rules.NotInThisCase):
        _qualify(play, "classification", "at-risk", about=play.person("father"))


@pytest.mark.req("R-026")
def test_a_case_stands_on_a_prevention_level_and_moves_between_them(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    worker, _now = play.become("vink")
    levels = [level.id for level in pack_of(worker).levels]
    assert levels == ["forebyggende", "foregribende", "indgribende"]
    for level in [*levels, "forebyggende"]:
        _qualify(play, "level", level)
        assert _standing(play, "level") == level
    assert _choices(play, "level") == [*levels, "forebyggende"]
    assert [fact.codes["value"] for fact in play.facts("qualification")] == [*levels, "forebyggende"]


@pytest.mark.req("R-027")
def test_a_case_has_one_of_the_packs_five_types_and_the_type_may_change(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    worker, _now = play.become("vink")
    types = [one.id for one in pack_of(worker).case_types]
    assert len(types) == 5
    for one in types:
        _qualify(play, "case-type", one)
        assert _standing(play, "case-type") == one


def test_a_choice_that_was_made_earlier_and_recorded_later_does_not_replace_the_newer(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    earlier = play.now
    play.pass_time(days=1)
    _qualify(play, "severity", "low")
    _qualify(play, "severity", "high", happened_at=earlier)
    assert _standing(play, "severity") == "low"


def test_two_choices_of_the_same_moment_the_later_recorded_stands(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    moment = play.now
    for value in ("low", "medium", "high"):
        _qualify(play, "severity", value, happened_at=moment)
    assert _standing(play, "severity") == "high"


@pytest.mark.req("R-029", part="a choice is a worker's, with a reason, and nothing else makes one")
def test_no_choice_is_made_by_itself(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.CLOSING)
    with refused(rules.TextMissing):
        assessing.qualify(**play.by(), kind="severity", value="high", reason="")
    play.to(Step.ENDED)
    assert all(_choices(play, kind) == [] for kind in Qualification.Kind.values)


# Discussion


@pytest.mark.req("R-019")
@pytest.mark.req("R-024", part="who took part in the discussion, and what it came to")
def test_the_units_discussion_is_recorded_with_those_who_took_part(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks", "sof")
    play.bring()
    acting = play.by()
    agencies = [play.agency(key) for key in ("vink", "dks", "sof")]
    held = assessing.record_discussion(
        **acting, text="Enheden vil høre familien.", taking_part=agencies, happened_at=acting["now"]
    )
    assert (held.kind, held.taking_part, held.owner_id) == (Decision.Kind.DISCUSSION, agencies, play.agency("vink"))
    assert held.about == [play.person("son")]
    assert play.step is Step.FIRST_ASSESSMENT
    assert not play.sees("dks", held), "what the discussion came to is told by disclosure, as all else"


# Assessment


@pytest.mark.req("R-020")
@pytest.mark.req("R-021")
@pytest.mark.req("R-024")
@pytest.mark.parametrize(
    ("step", "gate", "result"),
    [
        (Step.FIRST_ASSESSMENT, "first", "dismissed"),
        (Step.FIRST_ASSESSMENT, "first", "proceed"),
        (Step.SECOND_ASSESSMENT, "second", "dismissed"),
        (Step.SECOND_ASSESSMENT, "second", "confirmed"),
    ],
)
def test_an_assessment_keeps_its_date_reasons_ground_and_participants(
    cast: dict[str, Worker], step: Step, gate: str, result: str
) -> None:
    play = Play(cast)
    play.admit("dks")
    play.to(step)
    yesterday = play.now
    play.pass_time(days=1)
    agencies = [play.agency("vink"), play.agency("dks")]
    play.assess(gate, result, reason="Alle var enige.", ground="Set i skolen.", taking_part=agencies, happened_at=yesterday)
    worker, _now = play.become("vink")
    last = records_of(worker, play.case(), Assessment)[-1]
    assert (last.gate, last.result, last.happened_at, last.taking_part) == (gate, result, yesterday, agencies)
    assert (last.reason, last.ground, last.about) == ("Alle var enige.", "Set i skolen.", [play.person("son")])


@pytest.mark.req("R-045")
def test_an_assessment_belongs_to_the_agency_that_made_it_and_taking_part_is_not_deciding(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("dks", "sof")
    play.disclose(play.people["son"], to="dks")
    play.to(Step.FIRST_ASSESSMENT)
    play.assess("first", "proceed", key="dks", taking_part=[play.agency(key) for key in ("vink", "dks", "sof")])
    worker, _now = play.become("dks")
    [assessment] = records_of(worker, play.case("dks"), Assessment)
    assert (assessment.owner_id, assessment.author_id) == (play.agency("dks"), worker.id)
    assert not play.sees("vink", assessment)


def test_an_agency_that_knows_one_of_two_subjects_does_not_dismiss_the_concern_for_both(cast: dict[str, Worker]) -> None:
    play = _two(cast)
    play.admit("dks")
    play.disclose(play.people["son"], to="dks")
    play.to(Step.FIRST_ASSESSMENT)
    with refused(rules.SubjectNotKnown):
        play.assess("first", {play.person("son"): "dismissed"}, key="dks", ground="")


@pytest.mark.req("R-045", part="an agency that is no entry point assesses nothing for others; every decision has its owner")
@pytest.mark.parametrize("key", ["sof", "sekretariat", "skole"])
def test_an_agency_without_the_duty_records_no_assessment(cast: dict[str, Worker], key: str) -> None:
    play = Play(cast).to(Step.FIRST_ASSESSMENT)
    play.admit(key)
    with refused(NotPermitted):
        play.assess("first", "dismissed", key=key)


@pytest.mark.req("R-011", part="each subject has a result of its own")
def test_each_subject_has_an_assessment_of_its_own(cast: dict[str, Worker]) -> None:
    play = _two(cast).to(Step.FIRST_ASSESSMENT)
    play.assess("first", {play.person("son"): "unresolved", play.person("friend"): "dismissed"})
    worker, _now = play.become("vink")
    found = {one.about[0]: one.result for one in records_of(worker, play.case(), Assessment)}
    assert found == {play.person("son"): "unresolved", play.person("friend"): "dismissed"}
    tokens = {fact.token: fact.codes["result"] for fact in play.facts("assessment")}
    assert tokens == {play.people["son"].citizen: "unresolved", play.people["friend"].citizen: "dismissed"}


@pytest.mark.req("R-011", part="who was dismissed at the first assessment is neither met nor assessed again")
def test_who_was_dismissed_is_left_alone_while_the_others_case_goes_on(cast: dict[str, Worker]) -> None:
    play = _two(cast)
    play.admit("dks")
    play.to(Step.FIRST_ASSESSMENT)
    play.assess("first", {play.person("son"): "proceed", play.person("friend"): "dismissed"})
    play.meet(about=[play.person("son")])
    meeting.conclude_meetings(**play.by())
    case = play.assess("second", {play.person("son"): "confirmed"})
    assert case.current_step is Step.MEASURES
    worker, _now = play.become("vink")
    assert [one.gate for one in records_of(worker, case, Assessment) if play.person("friend") in one.about] == ["first"]
    play.to(Step.FOLLOW_UP).follow_up()
    assert play.assess("final", {play.person("son"): "dealt-with"}, ground="").current_step is Step.CLOSING


@pytest.mark.req("R-030")
def test_nobody_goes_on_for_an_opinion_alone(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.FIRST_ASSESSMENT)
    with refused(rules.GroundMissing) as caught:
        play.assess("first", "proceed", ground="  ")
    assert "Holdninger er lovlige" in caught.value.sentence
    assert play.step is Step.FIRST_ASSESSMENT
    play.assess("first", "proceed", ground="Har vist en drabsvideo i klassen.")


@pytest.mark.req("B-032", part="dissent is recorded at the assessment, and an assessment has a reason")
def test_dissent_is_kept_beside_the_reason(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.FIRST_ASSESSMENT)
    with refused(rules.TextMissing):
        play.assess("first", "proceed", reason=" ")
    play.assess("first", "proceed", dissent="SSP ville afkræfte.")
    worker, _now = play.become("vink")
    assert [one.dissent for one in records_of(worker, play.case(), Assessment)] == ["SSP ville afkræfte."]
