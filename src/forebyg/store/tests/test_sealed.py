"""Sealed fields: PostgreSQL holds no clear text, a value opens only in its own place, and not without its key."""

import uuid

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from forebyg.access.models import Worker
from forebyg.audit.models import Event
from forebyg.cases.models import Draft
from forebyg.core.ids import new_id
from forebyg.people.models import Participant
from forebyg.store.identity import act_as, now
from forebyg.store.keys import KeyDestroyed
from forebyg.store.sealed import Sealed, key_store, open_sealed, sealed_fields

TEXT = "Opfundet tekst om ingen: æøå"


@pytest.fixture
def worker(cast: dict[str, Worker]) -> Worker:
    act_as(cast["vink"].id)
    return cast["vink"]


def _draft(worker: Worker, form: str = "note", content: str = TEXT) -> Draft:
    draft = Draft(worker=worker, form=form, content=content, saved_at=now())
    draft.save(force_insert=True)
    return draft


def _again(draft: Draft) -> Draft:
    return Draft.objects.get(id=draft.id)


def test_a_sealed_text_opens_again(worker: Worker) -> None:
    draft = _again(_draft(worker))
    open_sealed([draft])
    assert draft.content == TEXT


@pytest.mark.req("R-214", part="the database holds the content of records as sealed bytes only")
@pytest.mark.req("R-220", part="content is sealed at rest; transit is the proxy's")
def test_the_database_holds_no_clear_text(worker: Worker) -> None:
    draft = _draft(worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(d)::text, content FROM cases_draft d WHERE id = %s", [draft.id])
        row, content = cursor.fetchone()
        cursor.execute(
            "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'cases_draft'::regclass AND attname = 'content'"
        )
        assert cursor.fetchone() == ("bytea",)
    assert TEXT.encode() not in bytes(content)
    assert "Opfundet" not in row
    assert TEXT.encode().hex() not in row


@pytest.mark.req("R-220", part="a person's identity is sealed at rest")
@pytest.mark.parametrize("field", ["label", "name", "cpr", "born_on", "involved_because"])
def test_who_a_person_is_is_sealed(field: str) -> None:
    assert field in sealed_fields(Participant)


def test_the_same_text_is_sealed_differently_each_time(worker: Worker) -> None:
    draft = _draft(worker)
    first = draft.seal("content", TEXT)
    assert first != draft.seal("content", TEXT)
    assert len(first) == 12 + len(TEXT.encode()) + 16


def test_a_value_moved_to_another_row_does_not_open(worker: Worker) -> None:
    one, other = _draft(worker, "one"), _draft(worker, "other")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_draft SET (content, key_id) = (SELECT content, key_id FROM cases_draft WHERE id = %s) WHERE id = %s",
            [one.id, other.id],
        )
    with pytest.raises(InvalidTag):
        open_sealed([_again(other)])


def test_a_value_moved_to_another_field_does_not_open() -> None:
    person = Participant(name=TEXT, label="Far")
    moved = Participant(id=person.id, key_id=None, label=Sealed(person.seal("name", TEXT)))
    moved.key_id = person.key_id
    with pytest.raises(InvalidTag):
        open_sealed([moved])


def test_a_value_moved_to_another_table_does_not_open() -> None:
    event = Event()
    draft = Draft(id=event.id, content=Sealed(event.seal("reason", TEXT)))
    draft.key_id = event.key_id
    with pytest.raises(InvalidTag):
        open_sealed([draft])


def test_a_changed_value_does_not_open(worker: Worker) -> None:
    draft = _draft(worker)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_draft SET content = set_byte(content, 12, (get_byte(content, 12) + 1) %% 256) WHERE id = %s",
            [draft.id],
        )
    with pytest.raises(InvalidTag):
        open_sealed([_again(draft)])


@pytest.mark.req("R-224", part="destroying a row's key makes its content unreadable wherever it lies")
def test_when_the_key_is_destroyed_the_content_is_none_and_the_row_stays(worker: Worker) -> None:
    gone, kept = _draft(worker, "gone"), _draft(worker, "kept")
    assert key_store().destroy([gone.key_id]) == 1
    page = [_again(gone), _again(kept)]
    open_sealed(page)
    assert [draft.content for draft in page] == [None, TEXT]
    assert page[0].form == "gone"


def test_each_row_has_a_key_of_its_own(worker: Worker) -> None:
    assert _draft(worker, "one").key_id != _draft(worker, "other").key_id


def test_a_sealed_value_cannot_be_shown(worker: Worker) -> None:
    content = _again(_draft(worker)).content
    assert isinstance(content, Sealed)
    for show in (str, "{}".format, lambda value: f"{value}"):
        with pytest.raises(KeyDestroyed):
            show(content)


def test_pages_are_opened_with_one_read_of_the_key_store(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        _draft(worker, f"form {number}", f"{TEXT} {number}")
    asked: list[list[uuid.UUID]] = []
    store = key_store()
    read = store.read
    monkeypatch.setattr(store, "read", lambda key_ids: asked.append(list(key_ids)) or read(asked[-1]))
    one, other = list(Draft.objects.filter(form__lt="form 2")), list(Draft.objects.filter(form__gte="form 2"))
    open_sealed(one, other)
    assert [len(ids) for ids in asked] == [5]
    assert {draft.content for draft in one + other} == {f"{TEXT} {number}" for number in range(5)}
    open_sealed([], [])
    assert len(asked) == 1


def test_a_row_saved_unopened_keeps_what_it_holds(worker: Worker) -> None:
    draft = _again(_draft(worker))
    draft.form = "renamed"
    draft.save()
    again = _again(draft)
    open_sealed([again])
    assert (again.form, again.content) == ("renamed", TEXT)


def test_an_opened_row_saved_again_keeps_its_key(worker: Worker) -> None:
    draft = _draft(worker)
    again = _again(draft)
    open_sealed([again])
    again.content = "Ny tekst"
    again.save()
    third = _again(draft)
    open_sealed([third])
    assert (third.content, third.key_id) == ("Ny tekst", draft.key_id)


def test_a_text_cannot_be_sealed_with_a_destroyed_key(worker: Worker) -> None:
    draft = _draft(worker)
    key_store().destroy([draft.key_id])
    again = _again(draft)
    again.content = "Ny tekst"
    with pytest.raises(KeyDestroyed):
        again.save()


def test_an_id_is_drawn_before_the_row_exists() -> None:
    assert Draft().id is not None
    assert new_id() < new_id()
