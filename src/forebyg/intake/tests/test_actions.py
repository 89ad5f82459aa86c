"""Taking in a concern: noted by whoever meets it, received by an entry point, counted either way."""

import datetime
from typing import Any

import pytest
from conftest import as_owner
from django.db import transaction

from forebyg.access.models import Worker
from forebyg.access.reach import forget_reach
from forebyg.audit.models import Event
from forebyg.cases import rules
from forebyg.cases.actions import opening
from forebyg.cases.models import Case, Fact, Item, Task, TimelineEntry
from forebyg.cases.queries import fetch_case, participants_of, records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import SSP_115, a_person, an_item, born_years_ago, refused
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.intake.actions import ChannelUnknown, Reporter, note_concern, receive_concern, register_concern
from forebyg.intake.models import Concern, ReporterIdentity
from forebyg.store.identity import act_as
from forebyg.store.sealed import open_sealed
from forebyg.strategy.queries import pack_of

Acting = dict[str, Any]


def by(cast: dict[str, Worker], key: str) -> Acting:
    """Let a worker act in a new request."""
    worker = cast[key]
    forget_reach(worker)
    return {"worker": worker, "now": act_as(worker.id)}


def _note(cast: dict[str, Worker], key: str = "sof", **values: Any) -> Case:
    acting = by(cast, key)
    given = {
        "channel": "fund-i-anden-sag",
        "reporter": Reporter("caseworker"),
        "people": [a_person("Søn", stated_age="minor")],
        "observation": an_item("Søn og far talte om at rejse."),
        "happened_at": acting["now"],
    }
    return note_concern(**acting, **given | values)


def _register(cast: dict[str, Worker], key: str = "vink", **values: Any) -> Case:
    acting = by(cast, key)
    given = {
        "channel": "vink-hotline",
        "reporter": Reporter("relative"),
        "people": [a_person("Søn")],
        "observation": an_item(),
        "received_at": acting["now"],
    }
    return register_concern(**acting, **given | values)


def _concerns(cast: dict[str, Worker], key: str, case: Case) -> list[Concern]:
    worker = by(cast, key)["worker"]
    return records_of(worker, fetch_case(worker=worker, case_id=case.id), Concern)


def _ledger(case: Case) -> list[str]:
    with as_owner():
        return list(Event.objects.filter(matter_ids__contains=[case.matter_id]).order_by("id").values_list("action", flat=True))


def _admit(cast: dict[str, Worker], case: Case, key: str, *, of: str = "sof") -> None:
    opening.admit_agency(
        **by(cast, of),
        case_id=case.id,
        agency_id=cast[key].agency_id,
        contact_id=cast[key].id,
        finding=SSP_115,
        necessity="Indgangen tager imod bekymringen.",
    )


# Noted


@pytest.mark.req("R-005")
@pytest.mark.req("B-001", part="the reference is there from the first contact")
def test_a_concern_that_surfaces_in_another_matter_is_noted_by_whoever_meets_it(cast: dict[str, Worker]) -> None:
    case = _note(cast)
    assert (case.current_step, case.lead_id) == (Step.ARISEN, cast["sof"].agency_id)
    assert case.matter.reference
    [concern] = _concerns(cast, "sof", case)
    assert (concern.channel, concern.reporter, concern.received_at) == ("fund-i-anden-sag", "caseworker", None)
    assert {"case.opened", "participant.added", "concern.noted", "item.written"} <= set(_ledger(case))


@pytest.mark.req("R-003")
@pytest.mark.parametrize("category", Concern.Reporter.values)
def test_every_category_of_reporter_can_be_recorded(cast: dict[str, Worker], category: str) -> None:
    case = _register(cast, reporter=Reporter(category))
    assert {concern.reporter for concern in _concerns(cast, "vink", case)} == {category}


def test_the_categories_are_the_documents_and_the_list_is_open() -> None:
    assert set(Concern.Reporter.values) == {
        "front-staff",
        "relative",
        "caseworker",
        "citizen",
        "civil-society",
        "other",
    }


@pytest.mark.req("R-004", part="each channel of the pack is recorded as itself, the two hotlines apart")
def test_the_channel_is_one_of_the_packs(cast: dict[str, Worker]) -> None:
    channels = [channel.id for channel in pack_of(cast["vink"]).channels]
    assert {"vink-hotline", "national-hotline-kanal"} <= set(channels)
    for channel in channels:
        case = _register(cast, channel=channel)
        assert {concern.channel for concern in _concerns(cast, "vink", case)} == {channel}
    with refused(ChannelUnknown):
        _register(cast, channel="due")


@pytest.mark.req("R-009")
@pytest.mark.req("B-003", part="who reported is a record of its own, with its own key, read by the owner alone")
def test_a_reporter_may_stay_unknown_or_is_kept_apart_from_the_case(cast: dict[str, Worker]) -> None:
    unknown = _register(cast, reporter=Reporter("citizen"))
    assert not ReporterIdentity.objects.filter(matter=unknown.matter_id).exists()
    known = _register(cast, reporter=Reporter("citizen", name="En nabo", contact="12 34 56 78"))
    [identity] = ReporterIdentity.objects.filter(matter=known.matter_id)
    [noted, _received] = _concerns(cast, "vink", known)
    open_sealed([identity])
    assert (identity.name, identity.contact) == ("En nabo", "12 34 56 78")
    assert identity.concern == noted.root
    assert identity.key_id not in (None, noted.key_id)
    assert identity.readers == [cast["vink"].agency_id]
    with as_owner():
        told = f"{list(Event.objects.values_list('codes'))} {list(Fact.objects.values_list('codes'))}"
        entries = list(TimelineEntry.objects.filter(matter=known.matter_id))
    open_sealed(entries)
    assert "nabo" not in told + str([(entry.codes, entry.text) for entry in entries])


@pytest.mark.req("R-011", part="several persons in one concern, the observation about its subjects")
def test_one_concern_may_be_about_several_persons(cast: dict[str, Worker]) -> None:
    people = [a_person("Søn"), a_person("Far", is_subject=True, is_guardian=True), a_person("Datter", is_involved=True)]
    case = _note(cast, people=people)
    worker = by(cast, "sof")["worker"]
    assert {person.label for person in participants_of(worker, case)} == {"Søn", "Far", "Datter"}
    [item] = records_of(worker, case, Item)
    assert set(item.about) == {people[0].root, people[1].root}


def test_a_concern_that_touches_persons_without_a_subject_is_about_them_all(cast: dict[str, Worker]) -> None:
    person = a_person("Søster", is_involved=True)
    case = _note(cast, people=[person])
    [item] = records_of(by(cast, "sof")["worker"], case, Item)
    assert item.about == [person.root]


@pytest.mark.req("R-013")
@pytest.mark.req("B-006", part="no field asks for an ideology")
def test_a_concern_is_what_was_seen_or_said_and_no_ideology_is_asked_for(cast: dict[str, Worker]) -> None:
    case = _register(cast)
    [item] = records_of(by(cast, "vink")["worker"], fetch_case(worker=cast["vink"], case_id=case.id), Item)
    assert item.kind == Item.Kind.OBSERVATION
    names = {field.name for model in (Concern, Item, Case) for field in model._meta.concrete_fields}
    assert not any(word in name for name in names for word in ("ideolog", "religio", "ethnic", "politic"))
    with refused(rules.TextMissing):
        _register(cast, observation=an_item("  "))


@pytest.mark.req("R-018", part="the municipality of residence is recorded")
def test_where_a_person_lives_is_recorded(cast: dict[str, Worker]) -> None:
    person = a_person("Søn", municipality="Aarhus")
    _register(cast, people=[person])
    worker = by(cast, "vink")["worker"]
    assert type(person).objects.visible_to(worker).get(root=person.root).municipality == "Aarhus"


# Received


@pytest.mark.req("R-001", part="one register, whichever entry point received")
@pytest.mark.req("R-002")
@pytest.mark.parametrize(("key", "actor"), [("vink", "vink"), ("ssp", "ssp-koebenhavn"), ("dks", "dks")])
def test_each_of_the_three_entry_points_receives_and_it_is_recorded_which(
    cast: dict[str, Worker], key: str, actor: str
) -> None:
    case = _register(cast, key)
    assert (case.current_step, case.lead_id) == (Step.RECEIVED, cast[key].agency_id)
    with as_owner():
        [fact] = Fact.objects.filter(kind="concern-received")
    assert fact.codes["entry_point"] == actor
    received = [concern for concern in _concerns(cast, key, case) if concern.received_at]
    assert [concern.owner_id for concern in received] == [cast[key].agency_id]


@pytest.mark.req("R-002", part="nobody but an entry point receives")
@pytest.mark.parametrize("key", ["sof", "sekretariat", "skole"])
def test_an_agency_that_is_no_entry_point_notes_but_does_not_receive(cast: dict[str, Worker], key: str) -> None:
    case = _note(cast, key)
    acting = by(cast, key)
    with refused(NotPermitted) as caught:
        receive_concern(**acting, case_id=case.id, received_at=acting["now"])
    assert "VINK, SSP eller DKS" in caught.value.sentence


@pytest.mark.req("R-008")
def test_a_receipt_is_kept_to_the_minute(cast: dict[str, Worker]) -> None:
    moment = by(cast, "vink")["now"] - datetime.timedelta(days=1)
    moment = moment.replace(hour=14, minute=37, second=59, microsecond=999_999)
    case = _register(cast, received_at=moment)
    [received] = [concern.received_at for concern in _concerns(cast, "vink", case) if concern.received_at]
    assert received == moment.replace(second=0, microsecond=0)
    assert case.moved_at == moment


def test_a_concern_was_not_received_tomorrow(cast: dict[str, Worker]) -> None:
    with refused(rules.InTheFuture):
        _register(cast, received_at=by(cast, "vink")["now"] + datetime.timedelta(days=1))


def test_a_concern_is_received_once(cast: dict[str, Worker]) -> None:
    case = _register(cast)
    acting = by(cast, "vink")
    with refused(rules.MoveNotLegal):
        receive_concern(**acting, case_id=case.id, received_at=acting["now"])
    assert len([one for one in _concerns(cast, "vink", case) if one.received_at]) == 1


@pytest.mark.req("R-002", part="the entry point that receives takes the lead and the work")
def test_who_receives_what_another_noted_leads_and_has_the_next_step(cast: dict[str, Worker]) -> None:
    case = _note(cast)
    _admit(cast, case, "dks")
    acting = by(cast, "dks")
    agencies = [cast["sof"].agency_id, cast["dks"].agency_id]
    received = receive_concern(**acting, case_id=case.id, reported_by=agencies, received_at=acting["now"])
    assert received.lead_id == cast["dks"].agency_id
    assert [concern.reported_by for concern in _concerns(cast, "dks", case)] == [agencies]
    with as_owner():
        assert Case.objects.get(id=case.id).lead_id == cast["dks"].agency_id
        waiting = Task.objects.filter(matter=case.matter_id, kind="step", done_at=None)
        assert [task.assigned_to_id for task in waiting] == [cast["dks"].agency_id]


def test_what_the_receiver_was_not_told_is_not_made_up(cast: dict[str, Worker]) -> None:
    case = _note(cast, reporter=Reporter("front-staff"))
    _admit(cast, case, "dks")
    acting = by(cast, "dks")
    receive_concern(**acting, case_id=case.id, received_at=acting["now"])
    [receipt] = _concerns(cast, "dks", case)
    assert (receipt.channel, receipt.reporter, receipt.about) == ("", "other", [])


def test_only_agencies_that_take_part_reported_it(cast: dict[str, Worker]) -> None:
    case = _note(cast)
    _admit(cast, case, "dks")
    acting = by(cast, "dks")
    with refused(rules.NotInThisCase):
        receive_concern(**acting, case_id=case.id, reported_by=[cast["skole"].agency_id], received_at=acting["now"])
    with refused(NotVisible):
        receive_concern(**by(cast, "vink"), case_id=case.id, received_at=acting["now"])


# Counted


@pytest.mark.req("R-006", part="a contact is counted when it is noted, whatever comes of it")
def test_every_contact_is_counted_also_when_nothing_comes_of_it(cast: dict[str, Worker]) -> None:
    _note(cast)
    _register(cast)
    with as_owner():
        noted = Fact.objects.filter(kind="concern-noted")
        assert sorted(fact.codes["channel"] for fact in noted) == ["fund-i-anden-sag", "vink-hotline"]
        assert Fact.objects.filter(kind="concern-received").count() == 1


# Refused


@pytest.mark.req("R-210", part="no role without work in cases takes in a concern")
@pytest.mark.parametrize("key", ["politiker", "rapport", "administrator", "dpo", "mentor", "coach", "psykiatri"])
def test_who_does_not_take_in_concerns_is_refused_before_all_else(cast: dict[str, Worker], key: str) -> None:
    with refused(NotPermitted):
        _note(cast, key)
    with refused(NotPermitted):
        _note(cast, key, people=[], channel="due")
    with as_owner():
        assert not Case.objects.filter(lead=cast[key].agency_id).exists()


def test_a_concern_is_about_someone(cast: dict[str, Worker]) -> None:
    with pytest.raises(RuleBroken, match="mindst én person"):
        _note(cast, people=[])


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"people": [{"label": ""}]}, rules.TextMissing),
        ({"people": [{"label": "x" * 20_001}]}, rules.TextTooLong),
        ({"people": [{"label": "Søn", "cpr": "123"}]}, RuleBroken),
        ({"people": [{"label": "Søn", "born_on": "2999-01-01"}]}, RuleBroken),
        ({"people": [{"label": "Søn", "is_subject": False}]}, RuleBroken),
        ({"people": [{"label": "Søn", "stated_age": "old"}]}, rules.NotAChoice),
        ({"reporter": Reporter("neighbour")}, rules.NotAChoice),
        ({"reporter": Reporter("citizen", name="x" * 50_000)}, rules.TextTooLong),
        ({"reporter": Reporter("citizen", contact="x" * 50_000)}, rules.TextTooLong),
    ],
)
def test_input_that_nobody_can_mean_is_a_broken_rule_and_leaves_no_case(
    cast: dict[str, Worker], values: dict[str, Any], error: type[RuleBroken]
) -> None:
    if "people" in values:
        values = {"people": [a_person(**person) for person in values["people"]]}
    with pytest.raises(error), transaction.atomic():
        _register(cast, **values)
    by(cast, "vink")
    assert not Case.objects.filter(lead=cast["vink"].agency_id).exists()


def test_a_known_date_of_birth_is_kept_sealed(cast: dict[str, Worker]) -> None:
    day = by(cast, "vink")["now"].date()
    person = a_person("Søn", born_on=born_years_ago(16, day), cpr="0101991234")
    _register(cast, people=[person])
    [stored] = type(person).objects.visible_to(by(cast, "vink")["worker"]).filter(root=person.root)
    assert born_years_ago(16, day).encode() not in bytes(stored.born_on)
    assert b"0101991234" not in bytes(stored.cpr) + bytes(stored.cpr_index)
