"""Two participants that are one person: proposed, reviewed by another, undone; and nothing hidden is told."""

import datetime
import uuid

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Grant, Worker
from forebyg.cases import rules
from forebyg.cases.actions import merging, noting, opening
from forebyg.cases.models import Task
from forebyg.cases.tests.cast import Play, a_person, refused
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.people.models import Merge, Participant

WHY = "Samme fødselsdato og samme mor."


class Two:
    """Two cases of VINK's about the same son; a colleague has both."""

    def __init__(self, cast: dict[str, Worker]) -> None:
        self.one, self.two = Play(cast), Play(cast)
        for play in (self.one, self.two):
            acting = play.by()
            opening.give_access(
                **acting, colleague_id=cast["vink-kollega"].id, ends_at=acting["now"] + datetime.timedelta(days=60)
            )

    def propose(self, key: str = "vink") -> Merge:
        """The sons are one."""
        return merging.propose_merge(
            **self.one.by(key),
            person=self.one.person("son"),
            other_case_id=self.two.case_id,
            other=self.two.person("son"),
            why=WHY,
        )

    def review(self, merge: Merge, outcome: str = "accepted", *, key: str = "vink-kollega") -> None:
        """Another looks."""
        merging.review_merge(**self.one.by(key), merge=merge.id, outcome=outcome, reason=WHY)

    def undo(self, merge: Merge, *, key: str = "vink") -> None:
        """They were two."""
        merging.undo_merge(**self.one.by(key), merge=merge.id, reason="De var fætre.")

    def citizens(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Who the sons are."""
        return _citizen(self.one.person("son")), _citizen(self.two.person("son"))


def _citizen(root: uuid.UUID) -> uuid.UUID:
    with as_owner():
        return Participant.objects.get(root=root, is_current=True).citizen


@pytest.mark.req("R-010", part="two records of one person are linked after another worker's review, and the contacts stay two")
def test_two_become_one_person_when_another_has_looked(cast: dict[str, Worker]) -> None:
    two = Two(cast)
    before = two.citizens()
    merge = two.propose()
    assert two.citizens() == before, "a proposal changes nothing"
    worker, _now = two.one.become("vink-kollega")
    assert Task.objects.visible_to(worker).filter(matter=two.one.matter_id, kind="do", done_at=None).exists()
    two.review(merge)
    assert two.citizens() == (before[0], before[0])
    assert [len(two.one.ledger(action)) for action in ("merge.proposed", "merge.accepted")] == [1, 1]
    assert len(two.two.ledger("merge.accepted")) == 1, "in both matters"


def test_nobody_reviews_the_own_proposal_or_twice(cast: dict[str, Worker]) -> None:
    two = Two(cast)
    merge = two.propose()
    with refused(merging.OwnProposal):
        two.review(merge, key="vink")
    with refused(rules.NotAChoice):
        two.review(merge, "perhaps")
    two.review(merge, "declined")
    with refused(rules.AlreadyDone):
        two.review(merge)
    with refused(rules.AlreadyDone):
        two.undo(merge)
    assert len(set(two.citizens())) == 2


def test_a_merge_is_undone_with_all_that_followed_it(cast: dict[str, Worker]) -> None:
    two = Two(cast)
    before = two.citizens()
    merge = two.propose()
    two.review(merge)
    noting.change_participant(**two.two.by(), root=two.two.person("son"), changes={"label": "Sønnen"})
    two.undo(merge)
    assert two.citizens() == before
    with refused(rules.AlreadyDone):
        two.undo(merge)


def test_a_later_merge_is_undone_first(cast: dict[str, Worker]) -> None:
    two = Two(cast)
    friend = noting.add_participant(**two.one.by(), person=a_person("Ven"))
    first = two.propose()
    two.review(first)
    later = merging.propose_merge(
        **two.one.by(), person=friend.root, other_case_id=two.one.case_id, other=two.one.person("son"), why=WHY
    )
    merging.review_merge(**two.one.by("vink-kollega"), merge=later.id, outcome="accepted", reason=WHY)
    assert len({*two.citizens(), _citizen(friend.root)}) == 1
    with refused(merging.MergeMovedOn):
        two.undo(first)
    two.undo(later)
    two.undo(first)
    assert len({*two.citizens(), _citizen(friend.root)}) == 3


def test_the_same_person_and_the_same_proposal_twice_are_refused(cast: dict[str, Worker]) -> None:
    two = Two(cast)
    merge = two.propose()
    with refused(merging.AlreadyProposed):
        two.propose("vink-kollega")
    two.review(merge)
    with refused(merging.OnePerson):
        two.propose()
    with refused(merging.OnePerson):
        merging.propose_merge(
            **two.one.by(), person=two.one.person("son"), other_case_id=two.one.case_id, other=two.one.person("son"), why=WHY
        )


def test_it_takes_both_sides_to_propose_to_see_and_to_review(cast: dict[str, Worker]) -> None:
    two = Two(cast)
    two.one.admit("dks")
    two.one.disclose(two.one.people["son"], to="dks")
    with refused(NotVisible):
        two.propose("dks")
    merge = two.propose()
    two.one.become("dks")
    assert not Merge.objects.exists(), "who sees one of the two learns of no proposal"
    with refused(NotVisible):
        two.review(merge, key="dks")
    two.two.admit("dks")
    with refused(NotVisible):
        two.review(merge, key="dks")  # the frame of the other matter is not its person
    with refused(NotPermitted):
        two.one.grant("mentor")
        two.propose("mentor")


def test_a_hidden_third_matter_follows_and_nobody_is_told(cast: dict[str, Worker]) -> None:
    two = Two(cast)
    hidden = Play(cast)
    first = merging.propose_merge(
        **two.two.by(), person=two.two.person("son"), other_case_id=hidden.case_id, other=hidden.person("son"), why=WHY
    )
    acting = hidden.by()
    opening.give_access(**acting, colleague_id=cast["vink-kollega"].id, ends_at=acting["now"] + datetime.timedelta(days=60))
    merging.review_merge(**two.two.by("vink-kollega"), merge=first.id, outcome="accepted", reason=WHY)
    with as_owner():
        Grant.objects.filter(matter=hidden.matter_id, worker=cast["vink-kollega"]).update(ended_at=hidden.now)
    merge = two.propose()
    two.review(merge)
    assert len({*two.citizens(), _citizen(hidden.person("son"))}) == 1
    reviewer = Client()
    reviewer.force_login(cast["vink-kollega"])
    shown = reviewer.get(
        reverse("cases:person", args=[two.one.case().matter.reference, two.one.person("son")])
    ).content.decode()
    assert two.two.case().matter.reference in shown
    assert hidden.case().matter.reference not in shown


def test_a_refusal_does_not_tell_of_a_hidden_merge(cast: dict[str, Worker]) -> None:
    two, hidden = Two(cast), Play(cast)
    first = two.propose()
    two.review(first)
    acting = hidden.by()
    opening.give_access(**acting, colleague_id=cast["vink-kollega"].id, ends_at=acting["now"] + datetime.timedelta(days=60))
    later = merging.propose_merge(
        **hidden.by(), person=hidden.person("son"), other_case_id=two.one.case_id, other=two.one.person("son"), why=WHY
    )
    merging.review_merge(**hidden.by("vink-kollega"), merge=later.id, outcome="accepted", reason=WHY)
    with as_owner():
        Grant.objects.filter(matter=hidden.matter_id, worker=cast["vink"]).update(ended_at=hidden.now)
    with refused(merging.MergeMovedOn) as caught:
        two.undo(first)
    assert caught.value.sentence == (
        "Det kan ikke gøres nu, fordi oplysninger om en af personerne er ændret siden. Åbn personens side igen, og se, hvad der står nu."
    ), "the same that is said of any change, and of no merge and no other case"


def test_the_pages_propose_review_and_undo(cast: dict[str, Worker]) -> None:
    two = Two(cast)
    references = [play.case().matter.reference for play in (two.one, two.two)]
    proposer, reviewer = Client(), Client()
    proposer.force_login(cast["vink"])
    reviewer.force_login(cast["vink-kollega"])
    form = reverse("cases:act-samme-person", args=[references[0]])
    person = reverse("cases:person", args=[references[0], two.one.person("son")])
    sent = {"target": str(two.one.person("son")), "reference": references[1], "text": WHY}
    assert proposer.get(form, {"for": sent["target"]}).status_code == 200
    chosen = proposer.post(form, sent)
    assert chosen.status_code == 422
    assert str(two.two.person("son")) in chosen.content.decode()
    assert proposer.post(form, {**sent, "reference": "2016-9999"}).status_code == 422
    assert proposer.post(form, {**sent, "other": str(two.two.person("son"))}).status_code == 302
    merge = Merge.objects.get()
    assert WHY in reviewer.get(person).content.decode()
    assert "Bed en kollega" in proposer.get(person).content.decode()
    answer = reverse("cases:act-samme-person-svar", args=[references[0]])
    given = {"target": str(merge.id), "outcome": "accepted", "reason": WHY}
    assert proposer.post(answer, given).status_code == 403
    assert reviewer.post(answer, given).status_code == 302
    assert references[1] in reviewer.get(person).content.decode()
    undo = reverse("cases:act-samme-person-fortryd", args=[references[0]])
    assert proposer.post(undo, {"target": str(merge.id), "reason": "De var fætre."}).status_code == 302
    assert len(set(two.citizens())) == 2


def _at(play: Play) -> str:
    return play.case().matter.reference


@pytest.mark.req("R-217", part="the persons of another case that a form lists are an event of that matter")
def test_the_form_that_lists_another_cases_persons_tells_that_matters_ledger(cast: dict[str, Worker], client: Client) -> None:
    two = Two(cast)
    form, there = reverse("cases:act-samme-person", args=[_at(two.one)]), _at(two.two)
    client.force_login(two.one.become("vink")[0])
    page = client.post(form, {"target": str(two.one.person("father")), "reference": there, "text": ""}).content.decode()
    assert str(two.two.person("son")) in page
    [event] = two.two.ledger("act.opened")
    assert set(event.matter_ids) == {two.one.matter_id, two.two.matter_id}
    assert set(event.record_ids) == {two.two.person("son"), two.two.person("father")}
    assert event.codes == {"act": "samme-person"}


@pytest.mark.req("R-217", part="a person who is shown as being in another case, too, is an event of that matter")
def test_the_page_that_says_where_else_a_person_is_tells_that_matters_ledger(cast: dict[str, Worker], client: Client) -> None:
    two = Two(cast)
    page = reverse("cases:person", args=[_at(two.one), two.one.person("son")])
    two.review(two.propose())
    there = _at(two.two)
    client.force_login(two.one.become("vink")[0])
    assert there in client.get(page).content.decode()
    [event] = two.two.ledger("case.seen")
    assert set(event.matter_ids) == {two.one.matter_id, two.two.matter_id}
    assert two.two.person("son") in event.record_ids
