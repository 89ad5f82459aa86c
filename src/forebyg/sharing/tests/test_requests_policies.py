"""Requests and answers, asked of PostgreSQL alone in raw SQL as the web role."""

import uuid

import pytest
from conftest import as_owner

from forebyg.access.tests.conftest import scene as scene
from forebyg.access.tests.rows import SERIALIZATION_FAILURE, Scene, count, refused, rows, run
from forebyg.store.identity import act_as

REQUEST, ANSWER = "sharing_informationrequest", "sharing_requestanswer"
CHECK_VIOLATION = "23514"


@pytest.fixture
def asked(scene: Scene) -> uuid.UUID:
    """VINK asks SOF about the son."""
    return scene.record(REQUEST, asked_id=scene.agency("sof"))


def _answer(scene: Scene, request: uuid.UUID, *, by: str = "sof", asker: str = "vink", **values: object) -> uuid.UUID:
    return scene.record(ANSWER, by=by, request=request, asker_id=scene.agency(asker), **values)


@pytest.mark.req("B-020", part="PostgreSQL shows a request to the two agencies only")
def test_a_request_is_read_by_the_two_agencies(scene: Scene, asked: uuid.UUID) -> None:
    scene.admit("skole")
    scene.grant("skole")
    for key, sees in {"vink": True, "sof": True, "skole": False, "mentor": False, "dks": False, "vink-kollega": False}.items():
        scene.act(key)
        assert scene.sees(asked, REQUEST) is sees, key
    act_as(None)
    assert not scene.sees(asked, REQUEST)


@pytest.mark.req("R-080", part="PostgreSQL keeps no request without a finding that allows it")
@pytest.mark.parametrize(
    "finding", ["{}", '{"outcome": "refused", "by": ["rpl-115-1-ssp"]}', '{"outcome": "allowed", "by": []}']
)
def test_a_request_without_a_finding_that_allows_it_is_not_kept(scene: Scene, finding: str) -> None:
    with refused(CHECK_VIOLATION):
        scene.record(REQUEST, finding=finding)


@pytest.mark.req("B-028", part="PostgreSQL keeps no request by a provision that nobody signed off")
def test_a_request_by_an_unsigned_provision_is_not_kept(scene: Scene) -> None:
    with as_owner():
        run("UPDATE sharing_signoff SET is_signed = false")
    with refused():
        scene.record(REQUEST)


@pytest.mark.req("R-087", part="PostgreSQL keeps no request while a doubt stands in the matter")
def test_a_doubt_in_the_matter_stops_requests(scene: Scene) -> None:
    worker = scene.act("vink")
    with as_owner():
        run(
            "INSERT INTO sharing_doubt (id, matter_id, agency_id, worker_id, at, text)"
            " VALUES (gen_random_uuid(), %s, %s, %s, store.now(), '\\x00')",
            scene.matter,
            worker.agency_id,
            worker.id,
        )
    with refused():
        scene.record(REQUEST)


def test_who_is_asked_takes_part_and_is_another(scene: Scene) -> None:
    with refused():
        scene.record(REQUEST, asked_id=scene.agency("dks"))
    with refused(CHECK_VIOLATION):
        scene.record(REQUEST, asked_id=scene.agency("vink"))
    with refused(CHECK_VIOLATION):
        scene.record(REQUEST, outcome="answered", ended_at="2026-01-01")


@pytest.mark.req("B-023", part="PostgreSQL takes a withdrawn request from the agency asked")
def test_a_request_is_withdrawn_once_by_its_owner_alone(scene: Scene, asked: uuid.UUID) -> None:
    withdrawing = f"UPDATE {REQUEST} SET outcome = 'withdrawn', ended_at = store.now()"
    for key in ("sof", "mentor", "dks", "vink-kollega"):
        scene.act(key)
        assert run(withdrawing) == 0, key
    scene.act("vink")
    with refused():
        run(f"UPDATE {REQUEST} SET outcome = 'answered', ended_at = store.now()")
    assert run(withdrawing) == 1
    assert run(withdrawing) == 0
    assert rows(f"SELECT readers FROM {REQUEST} WHERE id = %s", asked) == [([scene.agency("vink")],)]
    scene.act("sof")
    assert count(REQUEST) == 0
    with refused(SERIALIZATION_FAILURE):
        _answer(scene, asked)


def test_an_answer_ends_the_request_once(scene: Scene, asked: uuid.UUID) -> None:
    for by, asker, values in (("vink", "sof", {}), ("sof", "mentor", {}), ("sof", "vink", {"about": [scene.father]})):
        with refused(SERIALIZATION_FAILURE):
            _answer(scene, asked, by=by, asker=asker, **values)
    _answer(scene, asked)
    scene.act("vink")
    assert rows(f"SELECT outcome, ended_at IS NOT NULL FROM {REQUEST} WHERE id = %s", asked) == [("declined", True)]
    assert count(ANSWER) == 1
    with refused("23505"):
        _answer(scene, asked)


def test_an_answer_names_disclosures_of_its_own_agency_to_the_asker(scene: Scene, asked: uuid.UUID) -> None:
    item = scene.record(by="sof")
    told = scene.disclose(item, "vink", by="sof")
    elsewhere = scene.disclose(scene.record(by="sof"), "mentor", by="sof")
    ours = scene.disclose(scene.record(), "sof")
    for wrong in (elsewhere, ours, uuid.uuid4()):
        with refused():
            _answer(scene, asked, kind="answered", disclosures=[told, wrong])
    with refused(CHECK_VIOLATION):
        _answer(scene, asked, kind="answered")
    _answer(scene, asked, kind="answered", disclosures=[told])


def test_the_line_on_the_timeline_is_read_by_both_until_it_is_withdrawn(scene: Scene, asked: uuid.UUID) -> None:
    line = scene.record("cases_timelineentry", record_table=REQUEST, record_root=asked)
    scene.act("sof")
    assert scene.sees(line, "cases_timelineentry")
    scene.act("vink")
    run(f"UPDATE {REQUEST} SET outcome = 'withdrawn', ended_at = store.now()")
    scene.act("sof")
    assert not scene.sees(line, "cases_timelineentry")
