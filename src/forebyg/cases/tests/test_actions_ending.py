"""How a case ends, what its journal says, and how it begins again."""

import datetime

import pytest
from conftest import as_owner

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import ending, measures, noting, opening
from forebyg.cases.models import Case, Decision, JournalLink, Task
from forebyg.cases.queries import fetch_case, participants_of, records_of, subjects_of
from forebyg.cases.states import Outcome, Step
from forebyg.cases.tests.cast import Play, a_person, born_years_ago, refused
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.matters.models import Matter
from forebyg.people.participants import is_minor
from forebyg.store.sealed import open_sealed


def _started_course(play: Play) -> None:
    acting = play.by()
    offer = measures.make_offer(
        **acting, intervention="mentorstoette", to=play.person("son"), text="", happened_at=acting["now"]
    )
    for person in ("son", "father"):
        measures.answer_offer(
            **acting,
            offer=offer.root,
            kind="accepted",
            answered_by=play.person(person),
            text="",
            happened_at=acting["now"],
        )
    measures.start_course(**acting, offer=offer.root, holder_id=None, happened_at=acting["now"])


# Closing


@pytest.mark.req("R-056")
@pytest.mark.req("R-062")
@pytest.mark.parametrize(
    ("hand_over", "outcome", "kind"),
    [(False, Outcome.DEALT_WITH, "other"), (True, Outcome.HANDED_TO_ORDINARY_SYSTEM, "hand-over")],
)
def test_a_case_ends_as_dealt_with_or_is_handed_to_the_ordinary_system(
    cast: dict[str, Worker], hand_over: bool, outcome: Outcome, kind: str
) -> None:
    play = Play(cast).to(Step.CLOSING)
    play.close(hand_over=hand_over, text="Familien følges af Socialforvaltningen.")
    case = play.case()
    assert (case.current_step, case.outcome, case.ended_at) == (Step.ENDED, outcome, case.moved_at)
    worker, _now = play.become("vink")
    last = records_of(worker, case, Decision)[-1]
    assert (last.kind, last.text) == (kind, "Familien følges af Socialforvaltningen.")
    assert [fact.codes["outcome"] for fact in play.facts("move")][-1] == outcome


@pytest.mark.parametrize("step", [step for step in Step if step not in (Step.CLOSING, Step.ENDED)])
def test_a_case_is_not_closed_from_any_step_but_the_last(cast: dict[str, Worker], step: Step) -> None:
    play = Play(cast).to(step)
    for hand_over in (False, True):
        with refused(rules.MoveNotLegal):
            play.close(hand_over=hand_over)


def test_a_case_is_not_closed_over_a_running_course(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.CLOSING)
    _started_course(play)
    with refused(rules.OpenMeasures) as caught:
        play.close()
    assert "et forløb kører endnu" in caught.value.sentence
    assert play.step is Step.CLOSING


def test_a_case_is_not_closed_by_the_secretariat_over_what_it_cannot_see(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.CLOSING)
    play.admit("sekretariat")
    _started_course(play)
    acting = play.by()
    noting.raise_alarm(**acting, kind="feared-departure", text="Passet er væk.", about=[], happened_at=acting["now"])
    with refused(rules.OpenMeasures):
        play.close(key="sekretariat")


# The journal


@pytest.mark.req("R-057", part="a reference to the records system, and whether the case is closed there")
@pytest.mark.req("R-056", part="the case's number in the records system and the day it was closed there")
def test_a_case_is_closed_with_its_number_in_the_records_system(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.CLOSING)
    today = play.now.date()
    play.close(journal_number="2016-012345", closed_there_on=today - datetime.timedelta(days=1))
    worker, _now = play.become("vink")
    [link] = records_of(worker, play.case(), JournalLink)
    assert (link.number, link.closed_there_on) == ("2016-012345", today - datetime.timedelta(days=1))


@pytest.mark.req("R-057", part="open there while closed here can be told from the two")
def test_the_journal_tells_whether_the_case_is_still_open_there(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.CLOSING)
    play.close(journal_number="2016-012345", closed_there_on=None)
    worker, now = play.become("vink")
    case = play.case()
    [link] = records_of(worker, case, JournalLink)
    assert case.is_ended and link.closed_there_on is None
    ending.record_journal(**play.by(), number="2016-012345", closed_there_on=now.date() - datetime.timedelta(days=1))
    assert [one.closed_there_on is None for one in records_of(worker, case, JournalLink)] == [True, False]


def test_a_day_of_closing_without_a_number_is_not_dropped_in_silence(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.CLOSING)
    with refused(rules.TextMissing) as caught:
        play.close(journal_number="", closed_there_on=play.now.date())
    assert "nummer i journalsystemet" in caught.value.sentence
    assert play.close(journal_number="").is_ended


def test_the_journal_was_not_closed_tomorrow(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(rules.InTheFuture):
        ending.record_journal(**play.by(), number="2016-1", closed_there_on=play.now.date() + datetime.timedelta(days=2))


def test_today_is_today_in_denmark_also_just_after_midnight(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    seconds_to_midnight = (
        datetime.datetime.combine(play.now.date() + datetime.timedelta(days=1), datetime.time(), datetime.UTC) - play.now
    ).total_seconds()
    play.pass_time(seconds=86_400 + seconds_to_midnight - 1800)  # half past eleven in the evening, UTC: the next day in Denmark
    acting = play.by()
    danish_day = (acting["now"] + datetime.timedelta(hours=1)).date()
    ending.record_journal(**acting, number="2016-1", closed_there_on=danish_day)
    noting.add_participant(**play.by(), person=a_person("Nyfødt", is_involved=True, born_on=danish_day.isoformat()))


# Beginning again


@pytest.mark.req("R-034")
def test_an_ended_case_is_reopened_as_a_new_one_linked_to_it(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.ENDED)
    play.pass_time(days=200)
    acting = play.by()
    again = opening.reopen_case(**acting, reason="Ny bekymring i en ny livsfase.")
    assert again.reopens_id == play.case_id
    assert (again.current_step, again.matter.reference != play.case().matter.reference) == (Step.ARISEN, True)
    worker, _now = play.become("vink")
    case = fetch_case(worker=worker, case_id=again.id)
    [son] = subjects_of(worker, case)
    assert son.citizen == play.people["son"].citizen, "the same human in the later matter"
    assert son.root != play.person("son")
    assert (son.label, son.born_on) == ("Søn", play.people["son"].born_on)
    assert [person.label for person in participants_of(worker, case)] == ["Søn"]
    assert play.case().is_ended, "the earlier case stays as it ended"
    [event] = play.ledger("case.reopened")
    assert event.codes == {"as": str(again.id)}


@pytest.mark.req("R-034", part="who another agency recorded stays that agency's, and it is asked to get in touch")
def test_the_persons_of_another_agency_do_not_become_ones_own(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    brother = noting.add_participant(**play.by("dks"), person=a_person("Storebror", name="Et navn"))
    play.disclose(brother, to="vink", by="dks")
    play.people["brother"] = brother
    play.to(Step.ENDED)
    again = opening.reopen_case(**play.by(), reason="Ny bekymring i en ny livsfase.")
    worker, _now = play.become("vink")
    assert [person.label for person in participants_of(worker, fetch_case(worker=worker, case_id=again.id))] == ["Søn"]
    worker, _now = play.become("dks")
    newest = Task.objects.visible_to(worker).filter(matter=play.matter_id).latest("recorded_at")
    open_sealed([newest])
    assert (newest.kind, newest.text, newest.about, newest.assigned_to_id) == ("contact", "", [], play.agency("dks"))


def test_who_recorded_none_of_the_subjects_does_not_reopen(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("sekretariat")
    play.disclose(play.people["son"], to="sekretariat")
    play.to(Step.ENDED)
    with refused(opening.PersonsOfOthers):
        opening.reopen_case(**play.by("sekretariat"), reason="Ny bekymring.")
    assert Case.objects.filter(reopens=play.case_id).count() == 0


def test_a_case_that_goes_on_is_not_reopened(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.FOLLOW_UP)
    with refused(opening.CaseNotEnded):
        opening.reopen_case(**play.by(), reason="Ny bekymring.")
    play.to(Step.ENDED)
    with refused(rules.TextMissing):
        opening.reopen_case(**play.by(), reason="")


@pytest.mark.req("R-053", part="who was said to be under 18 is asked anew when a case is reopened")
@pytest.mark.parametrize(("stated", "later"), [("minor", None), ("unknown", None), ("adult", False)])
def test_a_stated_age_does_not_stand_still(cast: dict[str, Worker], stated: str, later: bool | None) -> None:
    play = Play(cast, {"son": a_person("Søn", stated_age=stated)})
    play.to(Step.FIRST_ASSESSMENT)
    play.assess("first", "dismissed", ground="")
    again = opening.reopen_case(**play.by(), reason="Ny bekymring.")
    worker, now = play.become("vink")
    [son] = subjects_of(worker, fetch_case(worker=worker, case_id=again.id))
    assert is_minor(son, now.date()) is later


@pytest.mark.req("R-053", part="a date of birth goes along and is counted from the day of the new case")
def test_a_date_of_birth_goes_along(cast: dict[str, Worker]) -> None:
    today = Play(cast).now.date()
    play = Play(cast, {"son": a_person("Søn", born_on=born_years_ago(17, today))})
    play.to(Step.FIRST_ASSESSMENT)
    play.assess("first", "dismissed", ground="")
    play.pass_time(days=200)
    again = opening.reopen_case(**play.by(), reason="Ny bekymring.")
    worker, now = play.become("vink")
    [son] = subjects_of(worker, fetch_case(worker=worker, case_id=again.id))
    assert is_minor(son, now.date()) is False


@pytest.mark.req("R-033", part="after the hand-over to PET the municipality does not begin again from the same case")
def test_a_case_that_the_police_took_is_not_reopened_by_the_municipality(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    acting = play.by("dks")
    ending.hand_to_pet(**acting, text="Politiet har overtaget.", happened_at=acting["now"])
    with refused(rules.PolicematterStops):
        opening.reopen_case(**play.by(), reason="Ny bekymring.")
    with refused(NotPermitted):
        opening.reopen_case(**play.by("dks"), reason="Ny bekymring.")


# The reference


def _join(play: Play, other: Play) -> None:
    """What an administrator of the database would do; no action joins matters yet."""
    with as_owner():
        Matter.objects.filter(id=play.matter_id).update(joined_into=other.matter_id)


@pytest.mark.req("B-001", part="one reference from the first contact to the end; every later fact hangs on its matter")
def test_a_case_has_one_reference_from_the_first_contact_to_the_end(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    reference = play.case().matter.reference
    year = play.now.year
    assert reference.startswith(f"{year}-") and len(reference) == 9
    play.to(Step.ENDED)
    worker, _now = play.become("vink")
    assert fetch_case(worker=worker, reference=reference).id == play.case_id
    assert {row.matter_id for row in play.timeline()} == {play.matter_id}


def test_references_of_a_unit_follow_one_another(cast: dict[str, Worker]) -> None:
    numbers = [int(Play(cast).case().matter.reference.split("-")[1]) for _ in range(3)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


@pytest.mark.req("B-001", part="the reference of a matter that joined another leads to that one")
def test_a_joined_matters_reference_leads_to_the_matter_it_joined(cast: dict[str, Worker]) -> None:
    play, other = Play(cast), Play(cast)
    reference = play.case().matter.reference
    _join(play, other)
    worker, _now = other.become("vink")
    assert fetch_case(worker=worker, reference=reference).id == other.case_id
    with pytest.raises(NotVisible):
        other.become("dks")
        fetch_case(worker=other.cast["dks"], reference=reference)


@pytest.mark.req("B-001", part="over two joins")
def test_a_reference_leads_on_over_two_joins(cast: dict[str, Worker]) -> None:
    first, second, third = Play(cast), Play(cast), Play(cast)
    reference = first.case().matter.reference
    _join(first, second)
    _join(second, third)
    worker, _now = third.become("vink")
    assert fetch_case(worker=worker, reference=reference).id == third.case_id


@pytest.mark.req("B-001", part="for who knows only the matter that it joined")
def test_an_old_reference_resolves_for_who_knows_only_the_matter_it_joined(cast: dict[str, Worker]) -> None:
    play, other = Play(cast), Play(cast)
    reference = play.case().matter.reference
    other.admit("sof")
    _join(play, other)
    worker, _now = other.become("sof")
    assert fetch_case(worker=worker, reference=reference).id == other.case_id


def test_a_reference_that_is_none_is_not_there(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    for reference in ("1999-0001", "", "x" * 500, "'; DROP TABLE cases_case; --"):
        worker, _now = play.become("vink")
        with refused(NotVisible):
            fetch_case(worker=worker, reference=reference)
    assert Case.objects.filter(id=play.case_id).exists()
