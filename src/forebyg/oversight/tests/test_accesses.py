"""Access reviews: which grants are listed, and what a review leaves behind."""

from __future__ import annotations

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Grant
from forebyg.access.tests.rows import insert, refused, rows
from forebyg.audit.models import Event
from forebyg.cases.actions.opening import end_access
from forebyg.cases.models import Task
from forebyg.cases.rules import TextMissing
from forebyg.cases.tests.cast import Play
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.oversight.accesses import (
    OLD_AFTER,
    AlreadyReviewed,
    OwnAccess,
    grants_reviewed,
    grants_to_review,
    review_grant,
)
from forebyg.oversight.models import GrantReview, OverseenGrant
from forebyg.store.identity import act_as

pytestmark = pytest.mark.django_db


def listed(play: Play, key: str = "dpo") -> set[tuple[str, str]]:
    """Worker and reason of each grant that an officer is to review."""
    worker, now = play.become(key)
    return {(grant.worker.name, grant.reason) for grant in grants_to_review(worker, now=now)}


def grant_of(play: Play, key: str) -> Grant:
    """The grant of a worker in the play's matter."""
    with as_owner():
        return Grant.objects.get(worker=play.cast[key], matter=play.matter_id)


@pytest.mark.req("B-024", part="access review lists for the data protection officer: old grants and those one gave oneself")
def test_old_and_self_given_accesses_are_listed(play: Play) -> None:
    play.grant("vink-kollega")
    assert listed(play) == {("VINKs medarbejder", "opened")}
    play.pass_time(days=OLD_AFTER.days, minutes=-5)
    assert listed(play) == {("VINKs medarbejder", "opened")}
    play.pass_time(minutes=10)
    assert listed(play) == {("VINKs medarbejder", "opened"), ("VINKs kollega", "test")}
    assert listed(play, "dpo-politi") == {("DKS-medarbejder", "contact")}


@pytest.mark.req("B-024", part="what has ended by itself needs no review")
def test_an_access_that_has_ended_is_not_listed(play: Play) -> None:
    play.grant("vink-kollega")
    with as_owner():
        Grant.objects.filter(worker=play.cast["vink-kollega"]).update(given_by=play.cast["vink-kollega"])
    assert len(listed(play)) == 2
    end_access(**{**play.by(), "grant_id": grant_of(play, "vink-kollega").id})
    assert listed(play) == {("VINKs medarbejder", "opened")}
    play.pass_time(days=366)
    assert listed(play) == set()


@pytest.mark.req("B-024", part="the officer marks an access as seen, with a note")
def test_a_seen_access_leaves_the_list_until_it_is_old_again(play: Play) -> None:
    grant = grant_of(play, "vink")
    worker, now = play.become("dpo")
    review = review_grant(worker=worker, grant_id=grant.id, outcome="seen", note="VINK leder sagen.", now=now)
    assert listed(play) == set()
    assert {one.id for one in grants_reviewed(worker, now=play.now)} == {grant.id}
    with as_owner():
        (event,) = Event.objects.filter(action="oversight.access-reviewed")
        assert (event.record_ids, event.matter_ids) == ([grant.id], [play.matter_id])
        assert event.codes == {"worker": str(play.cast["vink"].id), "outcome": "seen"}
        (stored,) = rows("SELECT note FROM oversight_grantreview")[0]
        assert b"VINK leder" not in bytes(stored)
        assert not Task.objects.filter(kind=Task.Kind.REVIEW_ACCESS).exists()
    assert review.reviewed_by_id == worker.id
    play.pass_time(days=OLD_AFTER.days + 1)
    assert listed(play) == {("VINKs medarbejder", "opened")}


@pytest.mark.req("B-024", part="the officer asks the agency to take a stand, and that becomes its task")
def test_asking_the_agency_gives_it_a_task_without_a_word_of_the_note(play: Play) -> None:
    worker, now = play.become("dpo")
    review_grant(worker=worker, grant_id=grant_of(play, "vink").id, outcome="asked", note="Er det stadig nødvendigt?", now=now)
    vink, _now = play.become("vink")
    (task,) = Task.objects.visible_to(vink).filter(kind=Task.Kind.REVIEW_ACCESS)
    assert (task.assigned_to_id, task.owner_id, task.readers) == (vink.agency_id, vink.agency_id, [vink.agency_id])
    assert (task.matter_id, task.author_id, bytes(task.text)) == (play.matter_id, worker.id, b"")
    with as_owner():
        (event,) = Event.objects.filter(action="oversight.access-reviewed")
        assert task.root in event.record_ids


def test_a_review_is_refused_without_a_note_twice_to_others_and_of_others(play: Play) -> None:
    grant = grant_of(play, "vink")
    worker, now = play.become("dpo")
    with pytest.raises(TextMissing):
        review_grant(worker=worker, grant_id=grant.id, outcome="seen", note=" ", now=now)
    with pytest.raises(NotVisible):
        review_grant(worker=worker, grant_id=grant_of(play, "dks").id, outcome="seen", note="Set.", now=now)
    review_grant(worker=worker, grant_id=grant.id, outcome="seen", note="Set.", now=now)
    with pytest.raises(AlreadyReviewed):
        review_grant(worker=worker, grant_id=grant.id, outcome="asked", note="Set.", now=now)
    for key in ("vink", "administrator", "sekretariat"):
        worker, now = play.become(key)
        with pytest.raises(NotPermitted):
            review_grant(worker=worker, grant_id=grant.id, outcome="seen", note="Set.", now=now)


def test_postgresql_lets_only_an_officer_review_and_only_the_own_controllers_grants(play: Play) -> None:
    ours, theirs = grant_of(play, "vink"), grant_of(play, "dks")
    for key, grant, reviewer, controller in (
        ("vink", ours, "vink", "vink"),
        ("dpo", theirs, "dpo", "vink"),
        ("dpo", ours, "vink", "vink"),
        ("dpo", ours, "dpo", "dks"),
        ("administrator", ours, "administrator", "vink"),
    ):
        act_as(play.cast[key].id)
        with refused():
            insert(
                "oversight_grantreview",
                grant_id=grant.id,
                controller_id=play.cast[controller].agency.controller_id,
                reviewed_by_id=play.cast[reviewer].id,
                outcome="seen",
            )
        assert rows("SELECT oversight_ask_agency(%s)", theirs.id) == [(None,)]
    act_as(play.cast["vink"].id)
    assert rows("SELECT oversight_ask_agency(%s)", ours.id) == [(None,)]


def test_nobody_reviews_the_own_access(play: Play) -> None:
    play.grant("dpo")
    own = grant_of(play, "dpo")
    with as_owner():
        Grant.objects.filter(id=own.id).update(given_by=play.cast["dpo"])
    worker, now = play.become("dpo")
    with pytest.raises(OwnAccess):
        review_grant(worker=worker, grant_id=own.id, outcome="seen", note="Set.", now=now)
    with refused():
        insert(
            "oversight_grantreview",
            grant_id=own.id,
            controller_id=worker.agency.controller_id,
            reviewed_by_id=worker.id,
            outcome="seen",
        )


def test_reviews_are_read_by_officers_of_the_same_controller_only(play: Play) -> None:
    worker, now = play.become("dpo")
    review_grant(worker=worker, grant_id=grant_of(play, "vink").id, outcome="seen", note="Set.", now=now)
    assert GrantReview.objects.count() == 1
    for key in ("dpo-politi", "vink", "administrator"):
        play.become(key)
        assert GrantReview.objects.count() == 0
        assert OverseenGrant.objects.filter(id=grant_of(play, "vink").id).count() == 0


def test_the_page_of_an_access_takes_a_review_and_shows_it_afterwards(client: Client, play: Play) -> None:
    grant = grant_of(play, "vink")
    client.force_login(play.cast["dpo"])
    assert "Givet til sig selv" in client.get(reverse("oversight:accesses")).content.decode()
    address = reverse("oversight:review", args=[grant.id])
    assert "Oprettede sagen" in client.get(address).content.decode()
    assert client.post(address, {"outcome": "seen", "note": ""}).status_code == 422
    assert client.post(address, {"outcome": "seen", "note": "Leder sagen."}, follow=True).status_code == 200
    assert "Ingen adgange skal gennemgås" in client.get(reverse("oversight:accesses")).content.decode()
    assert "Set: der er brug for adgangen" in client.get(reverse("oversight:accesses"), {"vis": "gennemgaaet"}).content.decode()
    assert "Leder sagen." in client.get(address).content.decode()
    assert client.post(address, {"outcome": "seen", "note": "Igen."}).status_code == 422
    assert client.get(reverse("oversight:review", args=[grant_of(play, "dks").id])).status_code == 404
