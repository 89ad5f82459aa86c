"""What is known: persons, items and their corrections, decisions, alarms, the procedure and tasks."""

import datetime

import pytest
from conftest import as_owner

from forebyg.access.models import Worker
from forebyg.cases import rules
from forebyg.cases.actions import noting, wrong_case
from forebyg.cases.models import Alarm, Decision, Item, ProcedureTick, Task, TimelineEntry
from forebyg.cases.queries import participants_of, records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, an_item, refused
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.people.models import Participant, Relation
from forebyg.store.sealed import open_sealed
from forebyg.strategy.queries import pack_of


def _write(play: Play, text: str = "Den unge viser videoer frem.", *, key: str = "vink", **values: object) -> Item:
    acting = play.by(key)
    about = values.pop("about", [play.person("son")])
    return noting.write_item(**acting, item=an_item(text, **values), about=about, happened_at=acting["now"])  # type: ignore[arg-type]


def _items(play: Play, key: str = "vink") -> dict[str, Item]:
    worker, _now = play.become(key)
    return {str(item.root): item for item in records_of(worker, play.case(key), Item)}


def _tasks(play: Play, key: str, kind: str) -> list[Task]:
    worker, _now = play.become(key)
    return list(Task.objects.visible_to(worker).filter(matter=play.matter_id, kind=kind, assigned_to=worker.agency_id))


def _versions(row: Item | Participant) -> list[Item | Participant]:
    with as_owner():
        found = list(type(row).objects.filter(root=row.root).order_by("version"))
    open_sealed(found)
    return found


# Persons


@pytest.mark.req("R-011")
@pytest.mark.req("R-012")
@pytest.mark.req("R-105", part="each parent is a participant with an own cooperation status; custody stands on the relation")
def test_a_case_has_several_persons_in_several_roles_with_relations(cast: dict[str, Worker]) -> None:
    play = Play(
        cast,
        {
            "son": a_person("Søn", stated_age="minor"),
            "father": a_person("Far", is_subject=True, is_guardian=True, cooperation="refuses"),
            "mother": a_person("Mor", is_guardian=True, cooperation="cooperates"),
            "sister": a_person("Søster", is_involved=True, stated_age="minor"),
        },
    )
    for one, other, kind, custody in (
        ("father", "son", "parent", False),
        ("mother", "son", "parent", True),
        ("sister", "son", "sibling", None),
    ):
        noting.relate(
            **play.by(),
            from_participant=play.person(one),
            to_participant=play.person(other),
            kind=kind,
            has_custody=custody,
        )
    worker, _now = play.become("vink")
    people = {person.label: person for person in participants_of(worker, play.case())}
    assert {label: len(person.roles) for label, person in people.items()} == {"Søn": 1, "Far": 2, "Mor": 1, "Søster": 1}
    assert (people["Far"].cooperation, people["Mor"].cooperation) == ("refuses", "cooperates")
    relations = {(one.from_participant, one.kind): one.has_custody for one in records_of(worker, play.case(), Relation)}
    assert relations == {
        (play.person("father"), "parent"): False,
        (play.person("mother"), "parent"): True,
        (play.person("sister"), "sibling"): None,
    }


def test_nobody_is_related_to_oneself(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with pytest.raises(RuleBroken, match="to forskellige"):
        noting.relate(**play.by(), from_participant=play.person("son"), to_participant=play.person("son"), kind="sibling")


@pytest.mark.parametrize(
    "born", ["2999-01-01", "1850-01-01", "2001-02-29", "01-02-2001", "i går", "20010101x"], ids=lambda born: born
)
def test_a_date_of_birth_that_cannot_be_is_a_broken_rule(cast: dict[str, Worker], born: str) -> None:
    play = Play(cast)
    with refused(noting.BirthDateNotPossible):
        noting.add_participant(**play.by(), person=a_person("Ven", born_on=born))
    with refused(noting.BirthDateNotPossible):
        noting.change_participant(**play.by(), root=play.person("son"), changes={"born_on": born})


@pytest.mark.parametrize("number", ["123", "3113011234", "ABCDEFGHIJ", "010199-12345"])
def test_a_cpr_number_that_is_none_is_a_broken_rule(cast: dict[str, Worker], number: str) -> None:
    play = Play(cast)
    with refused(noting.CprNotANumber):
        noting.add_participant(**play.by(), person=a_person("Ven", cpr=number))


def test_a_changed_cpr_number_is_looked_up_by_the_new_one(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    first = noting.add_participant(**play.by(), person=a_person("Ven", cpr="010199-1234"))
    second = noting.add_participant(**play.by(), person=a_person("Anden", cpr="0201991234"))
    assert first.cpr == "0101991234" and first.cpr_index != second.cpr_index
    changed = noting.change_participant(**play.by(), root=first.root, changes={"cpr": "020199-1234"})
    assert changed.cpr == "0201991234"
    assert changed.cpr_index == second.cpr_index
    unknown = noting.change_participant(**play.by(), root=first.root, changes={"cpr": ""})
    assert unknown.cpr_index is None


@pytest.mark.req("R-053", part="a date of birth that becomes known counts from then on")
def test_a_changed_person_is_a_new_version_and_the_old_one_is_kept(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    son = play.people["son"]
    changed = noting.change_participant(
        **play.by(), root=son.root, changes={"label": "Storebror", "born_on": "2001-05-01", "cooperation": "partly"}
    )
    assert (changed.root, changed.version, changed.citizen) == (son.root, 2, son.citizen)
    old, new = _versions(changed)
    assert (old.label, old.is_current, new.label, new.is_current) == ("Søn", False, "Storebror", True)
    worker, _now = play.become("vink")
    assert [person.label for person in participants_of(worker, play.case())] == ["Storebror", "Far"]
    with refused(rules.TextMissing):
        noting.change_participant(**play.by(), root=son.root, changes={"label": " "})


def test_who_was_told_of_a_person_is_told_of_the_change(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("sof")
    play.disclose(play.people["son"], to="sof")
    noting.change_participant(**play.by(), root=play.person("son"), changes={"label": "Storebror"})
    assert [person.label for person in participants_of(*_who(play, "sof"))] == ["Storebror"]
    assert len(_tasks(play, "sof", "read-correction")) == 1


def _who(play: Play, key: str) -> tuple[Worker, object]:
    worker, _now = play.become(key)
    return worker, play.case(key)


# Items


@pytest.mark.req("R-014")
@pytest.mark.parametrize("kind", Item.Kind.values)
def test_observation_statement_claim_and_assessment_are_kept_apart(cast: dict[str, Worker], kind: str) -> None:
    play = Play(cast)
    item = _write(play, kind=kind)
    assert _items(play)[str(item.root)].kind == kind
    assert {"kind": kind} in [entry.codes for entry in play.timeline() if entry.record_root == item.root]


def test_what_a_relative_tells_is_no_statement_of_the_person(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with pytest.raises(RuleBroken, match="Påstand"):
        _write(play, kind="statement", source="relative")
    assert _write(play, kind="claim", source="relative").kind == "claim"


@pytest.mark.req("R-082")
@pytest.mark.parametrize("forum", ["ssp", "psp", "ksp"])
def test_information_of_a_forum_is_marked_and_the_mark_stays_with_every_version(cast: dict[str, Worker], forum: str) -> None:
    play = Play(cast)
    item = _write(play, forum=forum, not_for_investigation=False)
    assert item.not_for_investigation
    corrected = noting.correct_item(**play.by(), root=item.root, text="Rettet.", reason="Forkert dag.")
    assert corrected.not_for_investigation and corrected.forum == forum
    play.admit("dks")
    play.disclose(corrected, to="dks")
    assert _items(play, "dks")[str(item.root)].not_for_investigation


@pytest.mark.req("R-082", part="other information can be marked by hand")
def test_information_outside_a_forum_is_marked_when_the_worker_says_so(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    assert not _write(play).not_for_investigation
    assert _write(play, not_for_investigation=True).not_for_investigation


@pytest.mark.req("R-046")
def test_what_stems_from_pet_is_the_polices_input(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    item = _write(play, source="police-advice", kind="assessment")
    assert _items(play)[str(item.root)].get_source_display() == "Politiets input, også rådgivning fra PET"


@pytest.mark.req("B-006", part="protective factors stand beside risk factors")
def test_what_protects_is_recorded_like_what_threatens(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    weights = [_write(play, weight=weight).weight for weight in ("risk", "protective", "neutral")]
    assert weights == ["risk", "protective", "neutral"]


# Corrections


def test_a_correction_keeps_the_text_before_and_says_why(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    item = _write(play, "Set den 3.")
    corrected = noting.correct_item(**play.by(), root=item.root, text="Set den 4.", reason="Forkert dag.")
    before, after = _versions(corrected)
    assert (before.text, before.is_current) == ("Set den 3.", False)
    assert (after.text, after.correction_reason, after.is_current) == ("Set den 4.", "Forkert dag.", True)
    assert (after.happened_at, after.about) == (item.happened_at, item.about)
    assert [entry.text for entry in play.timeline() if entry.record_root == item.root] == ["Set den 4."]
    [event] = play.ledger("item.corrected")
    assert event.record_ids == [item.root]
    with refused(rules.TextMissing):
        noting.correct_item(**play.by(), root=item.root, text="Set den 5.", reason="")


@pytest.mark.req("B-023", part="a correction reaches every agency that was told, with a task to read it anew")
def test_a_correction_has_the_readers_of_what_it_corrects_and_they_are_told(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("sof", "dks", "ekp")
    item = _write(play)
    play.disclose(item, to="sof")
    play.disclose(item, to="dks")
    corrected = noting.correct_item(**play.by(), root=item.root, text="Rettet.", reason="Forkert dag.")
    for key in ("sof", "dks"):
        assert _items(play, key)[str(item.root)].text == "Rettet."
        [task] = _tasks(play, key, "read-correction")
        open_sealed([task])
        assert task.text == "", "a task for another agency holds no word about a person"
    assert not play.sees("ekp", corrected)
    assert _tasks(play, "ekp", "read-correction") == []


def test_an_item_about_the_wrong_person_is_moved_to_the_right_one(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("sof")
    item = _write(play)
    play.disclose(item, to="sof")
    moved = noting.correct_wrong_person(**play.by(), root=item.root, about=[play.person("father")], reason="Det var faren.")
    before, after = _versions(moved)
    assert (before.about, after.about) == ([play.person("son")], [play.person("father")])
    assert after.text == before.text
    assert len(_tasks(play, "sof", "disclosure-gone")) == 1 and not play.sees("sof", moved)
    assert [entry.about for entry in play.timeline() if entry.record_root == item.root] == [[play.person("father")]]
    with refused(rules.NotInThisCase):
        noting.correct_wrong_person(**play.by(), root=item.root, about=[], reason="Ingen.")


def test_an_item_in_the_wrong_case_is_moved_and_leaves_its_trace(cast: dict[str, Worker]) -> None:
    right = Play(cast)
    play = Play(cast)
    play.admit("sof")
    item = _write(play, "Hører til en anden.", forum="ssp")
    play.disclose(item, to="sof")

    moved = wrong_case.correct_wrong_case(
        **play.by(), root=item.root, to_case_id=right.case_id, reason="Forvekslet med en anden."
    )

    there = _items(right)[str(moved.root)]
    assert (there.text, there.matter_id, there.forum) == ("Hører til en anden.", right.matter_id, "ssp")
    assert there.not_for_investigation
    assert there.about == [right.person("son")]
    here = _items(play)[str(item.root)]
    assert (here.text, here.retraction, here.correction_reason) == ("", "wrong-case", "Forvekslet med en anden.")
    assert _versions(here)[0].text == "Hører til en anden.", "history is never overwritten"
    assert len(_tasks(play, "sof", "read-correction")) == 1
    assert len(right.ledger("item.moved-here")) == 1
    [entry] = [entry for entry in play.timeline() if entry.record_root == item.root]
    assert (entry.text, entry.codes["retraction"]) == ("", "wrong-case")


def test_what_was_moved_away_is_neither_moved_nor_corrected_again(cast: dict[str, Worker]) -> None:
    right, play = Play(cast), Play(cast)
    item = _write(play)
    wrong_case.correct_wrong_case(**play.by(), root=item.root, to_case_id=right.case_id, reason="Forvekslet.")
    with refused(noting.Retracted):
        wrong_case.correct_wrong_case(**play.by(), root=item.root, to_case_id=right.case_id, reason="Forvekslet.")
    with refused(noting.Retracted):
        noting.correct_item(**play.by(), root=item.root, text="Rettet.", reason="Forvekslet.")
    with refused(noting.Retracted):
        noting.correct_wrong_person(**play.by(), root=item.root, about=[play.person("father")], reason="Forvekslet.")


def test_an_item_is_not_moved_to_a_case_that_one_cannot_see_nor_to_its_own(cast: dict[str, Worker]) -> None:
    hidden = Play(cast)
    play = Play(cast)
    play.admit("dks")
    item = _write(play, key="dks", about=[])
    with refused(NotVisible):
        wrong_case.correct_wrong_case(**play.by("dks"), root=item.root, to_case_id=hidden.case_id, reason="Forvekslet.")
    with pytest.raises(RuleBroken, match="anden sag"):
        wrong_case.correct_wrong_case(**play.by("dks"), root=item.root, to_case_id=play.case_id, reason="Forvekslet.")


def test_only_the_owner_corrects(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("sof")
    item = _write(play)
    with refused(NotVisible):
        noting.correct_item(**play.by("sof"), root=item.root, text="Nej.", reason="Uenig.")
    play.disclose(item, to="sof")
    with refused(NotPermitted):
        noting.correct_item(**play.by("sof"), root=item.root, text="Nej.", reason="Uenig.")
    play.disclose(play.people["son"], to="sof")
    with refused(NotPermitted):
        noting.change_participant(**play.by("sof"), root=play.person("son"), changes={"label": "Ham"})


# Decisions


@pytest.mark.req("R-045")
@pytest.mark.req("R-094", part="decisions under named provisions are records of the authority that made them")
def test_a_decision_belongs_to_the_authority_that_made_it(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("sof")
    acting = play.by("sof")
    decision = noting.write_decision(
        **acting,
        decision=Decision(kind="measure", text="Fast kontaktperson.", legal_ref="sel-52", owner=cast["vink"].agency),
        about=[],
        happened_at=acting["now"],
    )
    assert decision.owner_id == play.agency("sof"), "nobody decides for another, whatever was sent"
    assert not play.sees("vink", decision)
    assert [event.agency_id for event in play.ledger("decision.written")] == [play.agency("sof")]


# Alarms


@pytest.mark.req("R-065")
def test_an_alarm_stands_until_it_is_resolved_and_is_resolved_once(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.CLOSING)
    acting = play.by()
    alarm = noting.raise_alarm(
        **acting,
        kind=Alarm.Kind.DEPARTURE,
        text="Passet er væk.",
        about=[play.person("son")],
        happened_at=acting["now"],
    )
    with refused(rules.OpenMeasures):
        play.close()
    acting = play.by()
    end = noting.end_alarm(**acting, alarm=alarm.root, text="Han var hos sin onkel.", happened_at=acting["now"])
    assert (end.alarm, end.about) == (alarm.root, alarm.about)
    acting = play.by()
    with pytest.raises(RuleBroken, match="allerede afsluttet"):
        noting.end_alarm(**acting, alarm=alarm.root, text="Igen.", happened_at=acting["now"])
    assert {"alarm", "alarm-end"} <= {entry.kind for entry in play.timeline()}
    assert play.close().is_ended


@pytest.mark.req("R-065", part="an alarm hands nothing to anybody by itself")
def test_an_alarm_tells_nobody_by_itself(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("dks")
    acting = play.by()
    alarm = noting.raise_alarm(**acting, kind="feared-departure", text="Passet er væk.", about=[], happened_at=acting["now"])
    assert alarm.readers == [play.agency("vink")]
    assert not play.sees("dks", alarm)


def test_an_alarm_of_another_case_is_not_there(cast: dict[str, Worker]) -> None:
    other = Play(cast)
    acting = other.by()
    alarm = noting.raise_alarm(**acting, kind="other", text="Uro.", about=[], happened_at=acting["now"])
    play = Play(cast)
    acting = play.by()
    with refused(NotVisible):
        noting.end_alarm(**acting, alarm=alarm.root, text="Roligt.", happened_at=acting["now"])


def test_an_alarm_is_resolved_by_the_agency_that_raised_it(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("dks")
    acting = play.by()
    alarm = noting.raise_alarm(**acting, kind="other", text="Uro.", about=[], happened_at=acting["now"])
    play.disclose(alarm, to="dks")
    acting = play.by("dks")
    with refused(noting.AlarmOfAnother):
        noting.end_alarm(**acting, alarm=alarm.root, text="Roligt.", happened_at=acting["now"])


# The procedure


@pytest.mark.req("R-028", part="each case type of the pack has its procedure; its points are ticked in the case")
def test_the_points_of_a_case_types_procedure_are_ticked_once(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    worker, _now = play.become("vink")
    pack = pack_of(worker)
    for case_type in pack.case_types:
        procedure = pack.procedure_for(case_type.id)
        assert procedure is not None
        for point in range(len(procedure.checklist)):
            noting.tick_point(**play.by(), procedure=procedure.id, point=point)
        with refused(rules.NotAChoice):
            noting.tick_point(**play.by(), procedure=procedure.id, point=len(procedure.checklist))
    ticks = len(records_of(worker, play.case(), ProcedureTick))
    assert ticks == sum(len(procedure.checklist) for procedure in pack.procedures)
    noting.tick_point(**play.by(), procedure=pack.procedures[0].id, point=0)
    assert len(records_of(worker, play.case(), ProcedureTick)) == ticks
    assert len(play.ledger("procedure.ticked")) == ticks


# Tasks


@pytest.mark.req("R-206", part="a task for one's own agency has a text; one for another carries a fixed word")
def test_a_task_for_another_agency_carries_no_text(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("sof")
    with refused(noting.TextForOthers):
        noting.add_task(**play.by(), assigned_to=cast["sof"].agency, text="Ring til faren.", due_at=None)
    task = noting.add_task(**play.by(), assigned_to=cast["sof"].agency, text="", due_at=None)
    assert (task.kind, task.assigned_to_id, task.owner_id) == ("contact", play.agency("sof"), play.agency("vink"))
    own = noting.add_task(**play.by(), assigned_to=cast["vink"].agency, text="Ring til faren.", due_at=None)
    assert own.kind == "do"
    assert play.sees("sof", task) and not play.sees("sof", own)


def test_a_task_goes_to_an_agency_that_takes_part(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    with refused(rules.NotInThisCase):
        noting.add_task(**play.by(), assigned_to=cast["sof"].agency, text="", due_at=None)


def test_a_deadline_of_a_task_lies_ahead(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    acting = play.by()
    for due in (acting["now"], acting["now"] - datetime.timedelta(days=1)):
        with pytest.raises(RuleBroken, match="fremtiden"):
            noting.add_task(**acting, assigned_to=cast["vink"].agency, text="Ring.", due_at=due)
    due = acting["now"] + datetime.timedelta(seconds=1)
    assert noting.add_task(**acting, assigned_to=cast["vink"].agency, text="Ring.", due_at=due).due_at == due


def test_a_task_is_done_once_by_the_agency_it_is_for(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    play.admit("sof")
    task = noting.add_task(**play.by(), assigned_to=cast["sof"].agency, text="", due_at=None)
    with refused(NotVisible):
        noting.complete_task(**play.by("vink"), root=task.root)
    noting.complete_task(**play.by("sof"), root=task.root)
    done = Task.objects.get(root=task.root)
    assert (done.done_at, done.done_by_id) == (play.now, cast["sof"].id)
    with refused(NotVisible):
        noting.complete_task(**play.by("sof"), root=task.root)


def test_the_work_of_a_step_is_done_by_the_move_and_not_ticked_off(cast: dict[str, Worker]) -> None:
    play = Play(cast).to(Step.RECEIVED)
    [task] = _tasks(play, "vink", "step")
    with refused(NotVisible):
        noting.complete_task(**play.by(), root=task.root)
    play.bring()
    assert Task.objects.get(root=task.root).done_at is not None


# The timeline


@pytest.mark.req("R-066", part="an ordered timeline of the case, each entry about its persons")
def test_the_timeline_is_in_the_order_of_what_happened(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    start = play.now
    play.pass_time(days=10)
    for day in (7, 3, 5):
        acting = play.by()
        noting.write_item(
            **acting,
            item=an_item(f"Dag {day}"),
            about=[play.person("son")],
            happened_at=start + datetime.timedelta(days=day),
        )
    entries = play.timeline()
    assert [entry.happened_at for entry in entries] == sorted(entry.happened_at for entry in entries)
    assert [entry.text for entry in entries][-3:] == ["Dag 3", "Dag 5", "Dag 7"]
    assert all(entry.about for entry in entries if entry.kind == TimelineEntry.Kind.ITEM)
