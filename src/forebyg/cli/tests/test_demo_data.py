"""The demo's data: every state that a page can show is there, each agency sees its own, and nobody is named."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.database import clone, database_of_this_process, superuser

from forebyg.cases.models import Alarm, AlarmEnd, Case, Clock, Item, TimelineEntry
from forebyg.cases.states import Outcome, Step
from forebyg.cli import demo_data, scenarios
from forebyg.cli.demo_check.eyes import everything_written
from forebyg.cli.scenarios.invented import invented_cases
from forebyg.cli.stage import Stage
from forebyg.people.models import Participant
from forebyg.store.identity import now
from forebyg.strategy.personal_data import looks_personal
from forebyg.strategy.reading import PACKS


@pytest.fixture(scope="module")
def stage(django_db_blocker: Any) -> Iterator[Stage]:
    """A stage in the present, in a database with the demo's data."""
    name = f"{database_of_this_process()}_demo"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:

        def one_after_the_other(here: Callable[[], None], there: Callable[[], None]) -> None:
            here()
            there()

        patch.setattr(demo_data, "in_two_processes", one_after_the_other)
        before = str(connection.settings_dict["NAME"])
        clone(name)
        connection.close()
        connection.settings_dict["NAME"] = name
        demo_data.build()
        with Stage(now(), moves_clock=False) as stage:
            yield stage
        connection.close()
        connection.settings_dict["NAME"] = before
        with superuser() as administrator:
            administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _count(stage: Stage, query: str) -> int:
    row = stage.owner.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_the_database_lives_in_the_present_and_nothing_lies_in_the_future(stage: Stage) -> None:
    assert _count(stage, 'SELECT extract(epoch FROM "offset") FROM public.store_clock_offset') == 0
    for table in ("cases_casemove", "cases_item", "cases_meeting"):
        column = "at" if table == "cases_casemove" else "happened_at"
        assert _count(stage, f"SELECT count(*) FROM public.{table} WHERE {column} > now()") == 0


def test_every_step_and_every_outcome_is_there(stage: Stage) -> None:
    rows = stage.owner.execute("SELECT step, outcome FROM public.cases_case").fetchall()
    assert len(rows) == len(invented_cases()) + 2  # the example case, and the one that was reopened
    assert {step for step, _ in rows} == set(Step.values)
    assert {outcome for _, outcome in rows if outcome} == set(Outcome.values)
    assert _count(stage, "SELECT count(*) FROM public.cases_case WHERE reopens_id IS NOT NULL") == 1


def test_references_rise_with_the_days_on_which_matters_begin(stage: Stage) -> None:
    opened = [
        row[0]
        for row in stage.owner.execute(
            "SELECT c.opened_at FROM public.cases_case c JOIN public.matters_matter m ON m.id = c.matter_id "
            "WHERE c.reopens_id IS NULL ORDER BY m.reference"
        )
    ]
    assert opened == sorted(opened)


def test_the_triage_clock_stands_in_all_its_states(stage: Stage) -> None:
    with stage.as_("vink") as (worker, moment):
        clocks = list(Clock.objects.visible_to(worker).filter(rule=Clock.Rule.TRIAGE, stopped_at=None))
        re_offers = Clock.objects.visible_to(worker).filter(rule=Clock.Rule.RE_OFFER, stopped_at=None).count()
        outcomes = Clock.objects.visible_to(worker).filter(rule=Clock.Rule.OUTCOME, stopped_at=None).count()
    late = [one for one in clocks if one.paused_at is None and one.due_at < moment]
    assert Counter(one.explained_at is not None for one in late) == {True: 1, False: 1}
    assert [one for one in clocks if one.paused_at is not None and one.due_at > one.paused_at]
    (urgent,) = [one for one in clocks if one.paused_at is None and one.due_at > moment]
    assert datetime.timedelta(hours=2, minutes=50) < urgent.due_at - moment <= datetime.timedelta(hours=3)
    assert re_offers and outcomes


def test_alarms_are_open_and_ended_and_persons_are_of_all_ages(stage: Stage) -> None:
    with stage.as_("vink") as (worker, _):
        assert Alarm.objects.visible_to(worker).count() > AlarmEnd.objects.visible_to(worker).count() > 0
        people = Participant.objects.visible_to(worker)
        assert people.filter(is_guardian=True).exists() and people.filter(stated_age="adult", is_subject=True).exists()


def test_each_agency_sees_its_own(stage: Stage) -> None:
    seen, told = {}, set()
    for key in ("vink", "vink-kollega", "sekretariat", "dks", "sof", "ssp", "skole", "psykiatri", "kriminalforsorg"):
        with stage.as_(key) as (worker, _):
            seen[key] = (Case.objects.visible_to(worker).count(), TimelineEntry.objects.visible_to(worker).count())
            if Item.objects.visible_to(worker).exclude(owner=worker.agency_id).exists():
                told.add(key)
        assert seen[key][0] > 0, key
    assert {"vink", "dks"} <= told
    assert told.isdisjoint({"sekretariat", "kriminalforsorg"})
    assert len({seen[key] for key in ("vink", "sekretariat", "dks", "sof")}) == 4
    assert seen["sekretariat"][1] == 0, "the secretariat sees frames, and no word about a person"
    with stage.as_("dks") as (worker, _):
        own = Item.objects.visible_to(worker).filter(owner=worker.agency_id, readers=[worker.agency_id])
        assert own.exists(), "the police keep something to themselves"


@pytest.mark.req("R-222")
def test_no_data_about_anybody_stands_in_packs_in_what_is_loaded_of_them_in_statistics_or_in_the_demo(stage: Stage) -> None:
    for path in PACKS.glob("*.yaml"):
        assert not any(looks_personal(line) for line in path.read_text(encoding="utf-8").splitlines()), path.name
    editions = stage.owner.execute("SELECT content::text FROM public.strategy_packedition").fetchall()
    assert editions and not any(looks_personal(content) for (content,) in editions), "the catalogue as it is loaded"
    facts = stage.owner.execute("SELECT kind, codes FROM public.cases_fact").fetchall()
    assert len(facts) > 200
    for kind, codes in facts:
        assert all(re.fullmatch(r"[a-z0-9-]*", word) for word in (kind, *codes.values())), "fixed words only"
    columns = stage.owner.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'cases_fact' ORDER BY 1"
    ).fetchall()
    assert [name for (name,) in columns] == ["codes", "id", "kind", "on", "token", "unit_id"], "no reference, no person"
    people = stage.owner.execute("SELECT name, cpr, cpr_index FROM public.people_participant").fetchall()
    assert people and all(index is None for _name, _cpr, index in people)
    for path in Path(scenarios.__file__).parent.glob("*.*"):
        if path.suffix in (".py", ".yaml"):
            assert looks_personal(path.read_text(encoding="utf-8")) is None, path.name
    test_nobody_is_named(stage)


def test_nobody_is_named(stage: Stage) -> None:
    texts = 0
    for (case_id,) in stage.owner.execute("SELECT id FROM public.cases_case").fetchall():
        for place, text in everything_written(stage, case_id):
            texts += bool(text)
            assert not text or place not in ("people_participant.name", "people_participant.cpr"), place
            assert looks_personal(text) is None, place
    assert texts > 500
