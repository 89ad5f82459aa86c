"""Offers, answers and courses: voluntary, begun on a yes, and followed up after their end."""

import datetime
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Grant, Worker
from forebyg.cases import rules
from forebyg.cases.actions import disclosing, measures, noting
from forebyg.cases.models import Answer, Clock, Course, CourseEvent, Decision, Disclosure, Item, Offer, Qualification
from forebyg.cases.queries import course_states, participants_of, records_of, standing_answers
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import SSP_115, Play, a_person, born_years_ago, refused
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken

MENTORING, COACHING = "mentorstoette", "foraeldrecoaching"


def _family(cast: dict[str, Worker]) -> Play:
    """A grown-up father and a son of 16 as subjects, the father also guardian, and a daughter who is involved."""
    today = Play(cast).now.date()
    people = {
        "son": a_person("Søn", born_on=born_years_ago(16, today)),
        "father": a_person("Far", is_subject=True, is_guardian=True),
        "daughter": a_person("Datter", is_involved=True, stated_age="minor", involved_because="Bor hjemme."),
    }
    return Play(cast, people).to(Step.RECEIVED)


def _offer(play: Play, to: str = "son", intervention: str = MENTORING) -> Offer:
    acting = play.by()
    return measures.make_offer(**acting, intervention=intervention, to=play.person(to), text="", happened_at=acting["now"])


def _answer(play: Play, offer: Offer, kind: str, by: str, **values: Any) -> None:
    acting = play.by()
    given = {"text": "", "happened_at": acting["now"]} | values
    measures.answer_offer(**acting, offer=offer.root, kind=kind, answered_by=play.person(by), **given)


def _start(play: Play, offer: Offer, holder: str | None = "mentor", **values: Any) -> Course:
    acting = play.by()
    holder_id = play.cast[holder].id if holder else None
    return measures.start_course(**acting, offer=offer.root, holder_id=holder_id, **{"happened_at": acting["now"]} | values)


def _running(play: Play, to: str = "son", holder: str = "mentor") -> Course:
    offer = _offer(play, to)
    for by in dict.fromkeys((to, "father")):
        _answer(play, offer, "accepted", by)
    return _start(play, offer, holder)


def _change(play: Play, course: Course, kind: str, **values: Any) -> CourseEvent:
    acting = play.by()
    return measures.change_course(
        **acting, course=course.root, kind=kind, text="Aftalt med borgeren.", happened_at=acting["now"], **values
    )


def _log(play: Play, course: Course, kind: str = "session", key: str = "mentor") -> CourseEvent:
    acting = play.by(key)
    return measures.log_course(
        **acting, course=course.root, kind=kind, text="Vi mødtes på biblioteket.", happened_at=acting["now"]
    )


def _clocks(play: Play, rule: str) -> list[Clock]:
    worker, _now = play.become("vink")
    return list(Clock.objects.visible_to(worker).filter(matter=play.matter_id, rule=rule).order_by("due_at"))


def _state(play: Play) -> list[str]:
    worker, _now = play.become("vink")
    return [state for _course, state in course_states(worker, play.case())]


# Offers and answers


@pytest.mark.req("R-102")
@pytest.mark.req("R-101")
def test_an_offer_and_its_answers_are_kept_with_their_dates(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play, "father", COACHING)
    days = []
    for kind in ("refused", "accepted", "withdrawn"):
        play.pass_time(days=1)
        _answer(play, offer, kind, "father")
        days.append((kind, play.now))
    worker, _now = play.become("vink")
    answers = records_of(worker, play.case(), Answer)
    assert [(answer.kind, answer.happened_at) for answer in answers] == days
    assert standing_answers(worker, play.case(), offer.root)[play.person("father")].kind == "withdrawn"
    assert [fact.token for fact in play.facts("offer") + play.facts("answer")] == [play.people["father"].citizen] * 4


@pytest.mark.req("R-110", part="a sister who is involved gets an offer in her own right")
@pytest.mark.req("A-33")
def test_someone_who_is_not_a_subject_may_be_offered_a_course_too(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    course = _running(play, "daughter", "mentor-to")
    assert course.about == [play.person("daughter")]
    assert [fact.codes["intervention"] for fact in play.facts("course")] == [MENTORING]


@pytest.mark.req("A-32")
def test_an_offer_is_answered_by_the_one_it_was_made_to_or_that_persons_own_guardian(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    neighbour = noting.add_participant(**play.by(), person=a_person("Nabo", is_guardian=True, stated_age="adult"))
    play.people = {**play.people, "neighbour": neighbour}
    offer = _offer(play)
    for stranger in ("daughter", "neighbour"):
        with refused(rules.NotAGuardian):
            _answer(play, offer, "accepted", stranger)
    for kind, custody in (("other", None), ("parent", False)):
        noting.relate(
            **play.by(), from_participant=neighbour.root, to_participant=play.person("son"), kind=kind, has_custody=custody
        )
        with refused(rules.NotAGuardian):
            _answer(play, offer, "accepted", "neighbour")
    _answer(play, offer, "accepted", "father")
    _answer(play, offer, "accepted", "son")
    assert _start(play, offer).offer == offer.root


def test_whose_child_it_is_not_is_no_choice_in_the_form(cast: dict[str, Worker], client: Client) -> None:
    play = _family(cast)
    neighbour = noting.add_participant(**play.by(), person=a_person("Nabo", is_guardian=True, stated_age="adult"))
    address = reverse("cases:act-svar", args=[play.case().matter.reference])
    offer = _offer(play)
    client.force_login(cast["vink"])
    page = client.get(f"{address}?for={offer.root}").content.decode()
    choices = [f'value="{root}"' in page for root in (play.person("son"), play.person("father"), neighbour.root)]
    assert choices == [True, True, False]


def test_an_offer_of_another_case_is_not_there(cast: dict[str, Worker]) -> None:
    elsewhere = _offer(_family(cast))
    play = _family(cast)
    with refused(NotVisible):
        _answer(play, elsewhere, "accepted", "son")
    with refused(NotVisible):
        _start(play, elsewhere)


# Consent


@pytest.mark.req("R-092", part="no course before the citizen's recorded yes")
@pytest.mark.req("A-32")
def test_a_minors_course_begins_when_both_the_minor_and_a_guardian_said_yes(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play)
    with refused(rules.ConsentMissing):
        _start(play, offer)
    _answer(play, offer, "accepted", "son")
    with refused(rules.ConsentMissing) as caught:
        _start(play, offer)
    assert "forælder eller værge" in caught.value.sentence
    _answer(play, offer, "accepted", "father")
    assert _start(play, offer).offer == offer.root


@pytest.mark.req("R-092", part="over 18 the citizen alone consents")
def test_a_grown_up_answers_alone(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play, "father", COACHING)
    _answer(play, offer, "accepted", "father")
    assert _start(play, offer, "coach").about == [play.person("father")]


@pytest.mark.req("R-101", part="a consent that was withdrawn is none")
def test_a_yes_that_was_taken_back_begins_nothing(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play)
    for kind, by in (("accepted", "son"), ("accepted", "father"), ("withdrawn", "son")):
        _answer(play, offer, kind, by)
    with refused(rules.ConsentMissing):
        _start(play, offer)
    _answer(play, offer, "accepted", "son")
    _answer(play, offer, "refused", "father")
    with refused(rules.ConsentMissing):
        _start(play, offer)


@pytest.mark.req("R-053", part="consent too follows the age on the day the course begins")
def test_who_turns_18_before_the_course_begins_answers_alone(cast: dict[str, Worker]) -> None:
    today = Play(cast).now.date()
    birthday = today + datetime.timedelta(days=3)
    born = birthday.replace(year=birthday.year - 18).isoformat()
    play = Play(cast, {"son": a_person("Søn", born_on=born)}).to(Step.RECEIVED)
    offer = _offer(play)
    _answer(play, offer, "accepted", "son")
    with refused(rules.ConsentMissing):
        _start(play, offer)
    play.pass_time(days=3)
    assert _start(play, offer).offer == offer.root


# The agreement


@pytest.mark.req("R-054")
def test_measures_are_agreed_in_dialogue_with_the_family_and_the_agencies_that_help(
    cast: dict[str, Worker], client: Client
) -> None:
    play = _family(cast)
    play.admit("sof")
    play.to(Step.MEASURES)
    both = [play.agency("vink"), play.agency("sof")]
    for values in ({"spoken_with": []}, {"taking_part": []}):
        with refused(rules.DialogueMissing):
            play.agree(**values)
    with refused(rules.TextMissing):
        play.agree(text=" ")
    assert play.step is Step.MEASURES

    play.agree(text="Mentor til sønnen.", spoken_with=[play.person("son"), play.person("father")], taking_part=both)

    assert play.step is Step.FOLLOW_UP
    worker, _now = play.become("vink")
    [agreed] = [one for one in records_of(worker, play.case(), Decision) if one.kind == Decision.Kind.AGREEMENT]
    assert (agreed.text, agreed.spoken_with) == ("Mentor til sønnen.", [play.person("son"), play.person("father")])
    assert (agreed.taking_part, agreed.owner_id) == (both, play.agency("vink"))
    assert not play.sees("sof", agreed), "told to the others by disclosure, as everything else"
    client.force_login(cast["vink"])
    page = client.get(reverse("cases:assessments", args=[play.case().matter.reference])).content.decode()
    for shown in ("Aftale om indsats", "Mentor til sønnen.", "Talt igennem med: ", "Med: Socialforvaltningen og VINK"):
        assert shown in page


@pytest.mark.req("R-054", part="an answer to an offer is dialogue, also when it is a no")
def test_a_recorded_answer_is_dialogue_too(cast: dict[str, Worker]) -> None:
    play = _family(cast).to(Step.MEASURES)
    offer = _offer(play)
    with refused(rules.DialogueMissing):
        play.agree(spoken_with=[])
    _answer(play, offer, "refused", "son")
    assert play.agree(spoken_with=[], text="Sønnen siger nej. Vi spørger igen.").current_step is Step.FOLLOW_UP


@pytest.mark.parametrize("who", ["person", "agency"])
def test_who_has_no_part_in_the_case_took_no_part_in_the_agreement(cast: dict[str, Worker], who: str) -> None:
    stranger = Play(cast).person("son")
    play = _family(cast).to(Step.MEASURES)
    values = {"spoken_with": [stranger]} if who == "person" else {"taking_part": [play.agency("sof")]}
    with refused(rules.NotInThisCase):
        play.agree(**values)


# Refusals


@pytest.mark.req("R-061")
def test_a_no_closes_nothing(cast: dict[str, Worker]) -> None:
    play = _family(cast).to(Step.MEASURES)
    for to, intervention in (("son", MENTORING), ("father", COACHING)):
        _answer(play, _offer(play, to, intervention), "refused", to)
    assert play.step is Step.MEASURES
    assert play.agree().current_step is Step.FOLLOW_UP


@pytest.mark.req("R-073", part="reminders by month 3 and month 6 after the first no")
@pytest.mark.req("A-02")
def test_a_no_is_followed_by_reminders_after_three_and_six_months(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play)
    _answer(play, offer, "refused", "son")
    refused_at = play.now
    dues = [timezone.localtime(refused_at) + relativedelta(months=months) for months in (3, 6)]
    assert [clock.due_at for clock in _clocks(play, "re-offer")] == dues
    play.pass_time(days=30)
    _answer(play, offer, "refused", "son")
    assert [clock.due_at for clock in _clocks(play, "re-offer")] == dues, "counted from the first no"


@pytest.mark.req("R-073", part="a yes ends the reminders")
def test_a_yes_stops_the_reminders_and_the_ledger_tells(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play)
    _answer(play, offer, "refused", "son")
    _answer(play, offer, "accepted", "son")
    assert [clock.stopped_at for clock in _clocks(play, "re-offer")] == [play.now - datetime.timedelta(seconds=1)] * 2
    assert len(play.ledger("clock.stopped")) == 2


@pytest.mark.req("A-32")
def test_the_reminders_of_a_minors_offer_go_on_while_the_guardian_says_no(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play)
    _answer(play, offer, "refused", "father")
    _answer(play, offer, "accepted", "son")
    assert [clock.stopped_at for clock in _clocks(play, "re-offer")] == [None, None]
    _answer(play, offer, "accepted", "father")
    assert all(clock.stopped_at for clock in _clocks(play, "re-offer"))


def test_a_no_on_30_november_is_due_at_the_end_of_february(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    day = datetime.datetime(play.now.year - 1, 11, 30, 12, tzinfo=datetime.UTC)
    _answer(play, _offer(play), "refused", "son", happened_at=day)
    first = _clocks(play, "re-offer")[0].due_at
    assert (first.month, first.day) in ((2, 28), (2, 29))


# Courses


def test_a_course_is_begun_once_on_an_offer(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play, "father", COACHING)
    _answer(play, offer, "accepted", "father")
    _start(play, offer, None)
    with pytest.raises(RuleBroken, match="allerede begyndt"):
        _start(play, offer, None)


def test_a_holder_is_an_active_worker_of_the_same_controller(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play, "father", COACHING)
    _answer(play, offer, "accepted", "father")
    for key in ("dks", "sof", "psykiatri"):
        with refused(NotVisible):
            _start(play, offer, key)


@pytest.mark.req("R-210", part="a politician or an administrator is given no course and no person")
@pytest.mark.parametrize("key", ["politiker", "administrator", "rapport"])
def test_who_works_in_no_cases_holds_no_course(cast: dict[str, Worker], key: str) -> None:
    play = _family(cast)
    offer = _offer(play, "father", COACHING)
    _answer(play, offer, "accepted", "father")
    with pytest.raises(RuleBroken):
        _start(play, offer, key)


@pytest.mark.req("R-209")
@pytest.mark.req("R-216", part="a mentor knows of one participant and of nothing else")
def test_a_mentor_sees_the_own_course_and_participant_and_nothing_else(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    course = _running(play)
    other = _running(play, "daughter", "mentor-to")
    _log(play, course)
    theirs = _log(play, other, key="mentor-to")
    for key, own, person in (("mentor", course, "son"), ("mentor-to", other, "daughter")):
        worker, _now = play.become(key)
        case = play.case(key)
        assert [one.root for one in records_of(worker, case, Course)] == [own.root]
        assert [one.root for one in participants_of(worker, case)] == [play.person(person)]
        assert (
            records_of(worker, case, Item) == records_of(worker, case, Offer) == records_of(worker, case, Qualification) == []
        )
        assert {entry.kind for entry in play.timeline(key)} == {"course", "course-event", "participant"}
    assert not play.sees("mentor", theirs)
    with refused(NotVisible):
        _log(play, other, key="mentor")
    with refused(NotPermitted):
        play.agree(key="mentor")


@pytest.mark.req("R-114", part="the mentor's own log of sessions held and missed; the agency that runs the course is told")
@pytest.mark.parametrize("kind", ["session", "missed", "focus"])
def test_the_mentors_log_reaches_the_agency_that_runs_the_course(cast: dict[str, Worker], kind: str) -> None:
    play = _family(cast)
    event = _log(play, _running(play), kind)
    assert event.owner_id == play.agency("mentor")
    assert play.sees("vink", event)
    assert not play.sees("mentor-to", event)
    assert _state(play) == ["started"]


@pytest.mark.parametrize("kind", ["completed", "on-hold", "resumed", "interrupted", "handed-over"])
def test_a_mentor_ends_no_course_in_the_log(cast: dict[str, Worker], kind: str) -> None:
    play = _family(cast)
    course = _running(play)
    with refused(NotVisible):
        _log(play, course, kind)


@pytest.mark.req("R-063")
@pytest.mark.req("R-132", part="completion, interruption, hold and hand-over are kept apart")
@pytest.mark.parametrize("kind", ["on-hold", "completed", "interrupted", "handed-over"])
def test_on_hold_is_neither_completed_nor_interrupted(cast: dict[str, Worker], kind: str) -> None:
    play = _family(cast)
    course = _running(play)
    event = _change(play, course, kind)
    assert _state(play) == [kind]
    assert event.counts_as_completed is (kind == "completed")
    if kind == "on-hold":
        _change(play, course, "resumed")
        assert _state(play) == ["resumed"]
        with refused(rules.CourseNotThere):
            _change(play, course, "resumed")
    else:
        for again in ("on-hold", "completed", "focus"):
            with refused(rules.CourseEnded):
                _change(play, course, again)


@pytest.mark.req("B-024", part="a mentor's access ends with the course, and comes back when it is resumed")
@pytest.mark.parametrize("kind", ["on-hold", "completed", "interrupted", "handed-over"])
def test_the_mentors_access_ends_when_the_course_stops(cast: dict[str, Worker], kind: str) -> None:
    play = _family(cast)
    course = _running(play)
    _change(play, course, kind)
    with refused(NotVisible):
        play.case("mentor")
    assert len(play.ledger("access.ended")) == 1
    if kind == "on-hold":
        _change(play, course, "resumed")
        assert _log(play, course).kind == "session"


def test_a_mentor_with_two_courses_for_one_person_keeps_access_until_the_last_ends(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    first, second = _running(play), _running(play)
    _change(play, first, "completed")
    assert _log(play, second).kind == "session"
    _change(play, second, "completed")
    with refused(NotVisible):
        play.case("mentor")


@pytest.mark.req("R-074", part="checks at 6 and 12 months are created when a mentor course is completed")
@pytest.mark.req("A-03")
def test_a_completed_mentor_course_is_followed_up_after_6_and_12_months(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    course = _running(play)
    _change(play, course, "completed")
    ended_at = play.now
    for rule, months in (("outcome-6-months", 6), ("occupation-12-months", 12)):
        [clock] = _clocks(play, rule)
        assert (clock.happened_at, clock.due_at) == (ended_at, timezone.localtime(ended_at) + relativedelta(months=months))
        assert (clock.concerns, clock.about) == (course.root, [play.person("son")])


@pytest.mark.req("A-21")
@pytest.mark.parametrize("counts", [True, False])
def test_a_course_on_hold_is_followed_up_when_the_responsible_says_that_it_counts(
    cast: dict[str, Worker], counts: bool
) -> None:
    play = _family(cast)
    course = _running(play)
    _change(play, course, "on-hold", counts_as_completed=counts)
    assert len(_clocks(play, "outcome-6-months")) == int(counts)
    _change(play, course, "completed")
    assert len(_clocks(play, "outcome-6-months")) == 1, "a course is followed up once"


@pytest.mark.parametrize("kind", ["interrupted", "handed-over"])
def test_a_course_that_was_not_completed_is_not_followed_up(cast: dict[str, Worker], kind: str) -> None:
    play = _family(cast)
    _change(play, _running(play), kind, counts_as_completed=True)
    assert _clocks(play, "outcome-6-months") == []


def test_a_parent_coach_course_has_no_target_and_no_follow_up(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    offer = _offer(play, "father", COACHING)
    _answer(play, offer, "accepted", "father")
    _change(play, _start(play, offer, "coach"), "completed")
    assert _clocks(play, "outcome-6-months") == _clocks(play, "occupation-12-months") == []


@pytest.mark.req("R-075", part="follow-ups outlive the case")
def test_follow_ups_stay_when_the_case_is_closed(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    course = _running(play)
    play.to(Step.CLOSING)
    with refused(rules.OpenMeasures):
        play.close()
    _change(play, course, "completed")
    play.close()
    assert all(clock.is_running for clock in _clocks(play, "outcome-6-months"))


# What was told, and to whom


def test_the_mentor_is_told_the_participant_and_the_course_with_a_reason(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    course = _running(play)
    worker, _now = play.become("vink")
    told = {one.record_table: one for one in records_of(worker, play.case(), Disclosure)}
    assert set(told) == {"cases_course", "people_participant"}
    assert {one.recipient_id for one in told.values()} == {play.agency("mentor")}
    assert all(one.necessity and one.finding["by"] == ["same-controller"] for one in told.values())
    assert told["cases_course"].record_root == course.root
    grant = Grant.objects.get(worker=cast["mentor"], matter=play.matter_id)
    assert (grant.participant, grant.reason) == (play.person("son"), "course")


def test_a_participant_that_was_taken_back_starts_no_course(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    play.admit("ssp")
    acting = play.by("ssp")
    person = noting.add_participant(**acting, person=a_person("Ven"))
    play.people = {**play.people, "friend": person}
    play.disclose(person, to="vink", by="ssp")
    offer = _offer(play, "friend")
    _answer(play, offer, "accepted", "friend")
    play.become("ssp")
    [told] = Disclosure.objects.filter(record_root=person.root)
    disclosing.withdraw(**play.by("ssp"), disclosure=told.root, reason="Forkert person.")
    with refused(NotVisible):
        _start(play, offer, None)


def test_the_offer_of_an_agency_is_not_answered_by_another(cast: dict[str, Worker]) -> None:
    play = _family(cast)
    play.admit("sof")
    offer = _offer(play)
    disclosing.disclose(
        **play.by(),
        records=[("cases_offer", offer.root)],
        to_agency=play.agency("sof"),
        finding=SSP_115,
        necessity="SOF skal vide det.",
    )
    acting = play.by("sof")
    with refused(NotPermitted):
        measures.answer_offer(
            **acting,
            offer=offer.root,
            kind="accepted",
            answered_by=play.person("son"),
            text="",
            happened_at=acting["now"],
        )
