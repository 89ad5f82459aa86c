"""Meetings with the citizen: who held them, who took part, and when they did not come about."""

import datetime
import html

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import meeting, noting
from forebyg.cases.models import Decision, Meeting
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, refused
from forebyg.core.errors import NotPermitted

NOT_HELD = ["missed", "cancelled", "not-found"]


def _at_meeting(cast: dict[str, Worker], **people: object) -> Play:
    """A case at step 5 with DKS admitted; the persons given, or the son of 16 and his father."""
    play = Play(cast, people or None)  # type: ignore[arg-type]
    play.admit("dks")
    return play.to(Step.MEETING)


# Who held it


@pytest.mark.req("R-051")
@pytest.mark.parametrize(
    ("agencies", "goes_on"),
    [
        (["dks"], True),
        (["dks", "vink"], True),
        (["dks", "ekp", "sof"], True),
        (["vink"], False),
        (["vink", "ekp"], False),
        ([], False),
    ],
)
def test_the_meeting_is_held_by_dks_alone_or_with_others(cast: dict[str, Worker], agencies: list[str], goes_on: bool) -> None:
    play = _at_meeting(cast)
    play.admit("ekp", "sof")
    play.meet(taking_part=[play.agency(key) for key in agencies])
    if goes_on:
        assert meeting.conclude_meetings(**play.by()).current_step is Step.SECOND_ASSESSMENT
    else:
        with refused(rules.PoliceMissing):
            meeting.conclude_meetings(**play.by())


@pytest.mark.req("R-051", part="a meeting that DKS itself recorded counts")
def test_dks_own_record_counts_without_naming_itself(cast: dict[str, Worker]) -> None:
    play = _at_meeting(cast)
    play.disclose(*play.people.values(), to="dks")
    held = play.meet(key="dks", taking_part=[])
    play.disclose(held, to="vink", by="dks")
    assert meeting.conclude_meetings(**play.by()).current_step is Step.SECOND_ASSESSMENT


@pytest.mark.req("R-051", part="each subject is met with DKS")
def test_each_subject_is_met_with_dks_and_not_one_of_them_only(cast: dict[str, Worker]) -> None:
    play = _at_meeting(cast, one=a_person("Ven"), two=a_person("Anden ven"))
    play.meet(about=[play.person("one")])
    with refused(rules.SubjectNotMet):
        meeting.conclude_meetings(**play.by())
    play.meet(about=[play.person("two")], taking_part=[play.agency("vink")])
    with refused(rules.PoliceMissing):
        meeting.conclude_meetings(**play.by())
    play.meet(about=[play.person("two")])
    assert meeting.conclude_meetings(**play.by()).current_step is Step.SECOND_ASSESSMENT


@pytest.mark.parametrize("result", NOT_HELD)
def test_a_meeting_that_did_not_come_about_is_no_meeting(cast: dict[str, Worker], result: str) -> None:
    play = _at_meeting(cast)
    play.meet(result=result)
    with refused(rules.SubjectNotMet):
        meeting.conclude_meetings(**play.by())


def test_a_meeting_is_about_someone(cast: dict[str, Worker]) -> None:
    play = _at_meeting(cast)
    with refused(rules.SubjectMissing):
        play.meet(about=[])


# Missed and cancelled


@pytest.mark.req("R-065", part="missed and cancelled meetings and failed visits are recorded")
@pytest.mark.parametrize("kind", Meeting.Kind.values)
@pytest.mark.parametrize("result", NOT_HELD)
def test_what_did_not_come_about_is_recorded_without_a_guardian(cast: dict[str, Worker], kind: str, result: str) -> None:
    play = Play(cast).to(Step.RECEIVED)
    kept = play.meet(kind=kind, result=result, guardians_present=[], taking_part=[], text="Ingen lukkede op.")
    assert (kept.kind, kept.result) == (kind, result)
    assert [fact.codes for fact in play.facts("meeting")] == [{"kind": kind, "result": result}]
    assert {"kind": kind, "result": result} in [entry.codes for entry in play.timeline()]


# Guardians


@pytest.mark.req("R-052")
def test_a_minor_is_met_with_a_guardian_or_with_a_reason(cast: dict[str, Worker]) -> None:
    play = _at_meeting(cast)
    with refused(rules.GuardianMissing):
        play.meet(guardians_present=[])
    with refused(rules.GuardianMissing):
        play.meet(guardians_present=[], no_guardian_reason=" ")
    apart = play.meet(guardians_present=[], no_guardian_reason="Faren er selv bekymringen.")
    together = play.meet(guardians_present=[play.person("father")])
    assert apart.no_guardian_reason == "Faren er selv bekymringen."
    assert together.guardians_present == [play.person("father")]


def test_who_is_no_guardian_takes_part_as_none(cast: dict[str, Worker]) -> None:
    play = _at_meeting(cast)
    with refused(rules.NotInThisCase):
        play.meet(guardians_present=[play.person("son")])


def test_someone_of_unknown_age_is_not_met_before_the_age_is_asked(cast: dict[str, Worker]) -> None:
    play = _at_meeting(cast, son=a_person("Søn", stated_age="unknown"))
    with refused(rules.AgeUnknown):
        play.meet(no_guardian_reason="Vides ikke.")
    play.meet(result="not-found")
    noting.change_participant(**play.by(), root=play.person("son"), changes={"stated_age": "adult"})
    assert play.meet().result == "held"


@pytest.mark.req("R-053")
def test_who_turns_18_between_two_meetings_needs_a_guardian_at_the_first_only(cast: dict[str, Worker]) -> None:
    today = Play(cast).now.date()
    birthday = today + datetime.timedelta(days=3)
    born = birthday.replace(year=birthday.year - 18).isoformat()
    play = _at_meeting(cast, son=a_person("Søn", born_on=born))
    first_day = play.now
    with refused(rules.GuardianMissing):
        play.meet()
    play.pass_time(days=3)
    assert play.meet().result == "held"
    with refused(rules.GuardianMissing):  # the age on the day of the meeting counts, not on that of the record
        play.meet(happened_at=first_day)


# Joint visits


@pytest.mark.req("R-206", part="a joint visit is one record per authority, linked; each owns its own")
def test_a_joint_visit_is_one_record_for_each_agency_linked(cast: dict[str, Worker]) -> None:
    play = _at_meeting(cast)
    play.disclose(*play.people.values(), to="dks")
    theirs = play.meet(key="dks", text="DKS' iagttagelser.")
    play.disclose(theirs, to="vink", by="dks")
    ours = play.meet(joint=theirs.root, text="VINKs iagttagelser.")
    again = play.meet(joint=ours.root, text="Og lidt til.")
    assert ours.joint == theirs.root == again.joint
    assert (theirs.owner_id, ours.owner_id) == (play.agency("dks"), play.agency("vink"))
    assert not play.sees("dks", ours), "what VINK wrote is not DKS' because they went together"
    assert play.sees("dks", theirs)


@pytest.mark.req("R-206")
def test_an_authoritys_own_task_is_its_own_and_joint_work_says_who_did_it_together(
    cast: dict[str, Worker], client: Client
) -> None:
    play = _at_meeting(cast)
    play.admit("sof")
    play.disclose(*play.people.values(), to="dks")
    own = {"text": "Ring til skolen om fraværet.", "decision": "Støtte efter serviceloven.", "visit": "DKS' iagttagelser."}
    noting.add_task(**play.by("sof"), assigned_to=play.cast["sof"].agency, text=own["text"], due_at=None)
    acting = play.by("sof")
    noting.write_decision(
        **acting, decision=Decision(kind="measure", text=own["decision"]), about=[], happened_at=acting["now"]
    )
    together = [play.agency("vink"), play.agency("dks")]
    theirs = play.meet(key="dks", text=own["visit"], taking_part=together)
    play.disclose(theirs, to="vink", by="dks")
    play.meet(joint=theirs.root, text="VINKs iagttagelser.", taking_part=together)
    with refused(noting.TextForOthers):
        noting.add_task(**play.by("vink"), assigned_to=play.cast["sof"].agency, text="Gør det for os.", due_at=None)
    with refused(NotPermitted):
        noting.change_participant(**play.by("dks"), root=play.person("son"), changes={"label": "En anden"})

    def page(key: str, tab: str) -> str:
        address = reverse(f"cases:{tab}", args=[play.case(key).matter.reference])
        client.force_login(cast[key])
        return html.unescape(client.get(address).content.decode())

    assert own["text"] in page("sof", "tasks") and own["decision"] in page("sof", "assessments")
    for key in ("vink", "dks"):
        assert not any(own["text"] in page(key, tab) or own["decision"] in page(key, tab) for tab in ("tasks", "assessments"))
    both = page("vink", "items")
    assert both.count("Fælles med en anden myndighed") == both.count("Holdt af DKS og VINK") == 2
    assert "Ejer: DKS" in both and "Ejer: VINK" in both
    assert "VINKs iagttagelser." not in page("dks", "items"), "each owns what it wrote of it"
    alone = play.meet(text="VINK alene.", taking_part=[play.agency("vink")])
    assert alone.joint is None and page("vink", "items").count("Fælles med en anden myndighed") == 2


def test_a_visit_that_one_cannot_see_is_not_joined(cast: dict[str, Worker]) -> None:
    play = _at_meeting(cast)
    play.disclose(*play.people.values(), to="dks")
    theirs = play.meet(key="dks")
    elsewhere = Play(cast).meet(taking_part=[])
    for root in (theirs.root, elsewhere.root):
        with refused(rules.NotInThisCase):
            play.meet(joint=root)
