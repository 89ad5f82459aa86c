"""Earlier versions of documents, and documents that were laid in the wrong case."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import as_owner
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.actions import disclosing, documents, noting, wrong_case
from forebyg.cases.models import Disclosure, Document, Task
from forebyg.cases.queries import fetch_case, records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, an_item, refused
from forebyg.cases.tests.files import a_png, incoming
from forebyg.cases.tests.test_document_uploads import body
from forebyg.cases.versions import earlier_versions
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.store.chunks import FOLDER
from forebyg.store.sealed import key_store

FIRST, SECOND = b"Det, der stod forst.", b"Det, der staar nu."


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own for the files; the key store is the run's."""
    key_store()
    monkeypatch.setattr(settings, "FOREBYG", settings.FOREBYG.model_copy(update={"data_folder": tmp_path}))
    return tmp_path / FOLDER


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case with DKS and SOF in it."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks", "sof")
    return play


def laid(play: Play, about: str = "son", item: object = None, forum: str = "own") -> Document:
    """A document of VINK's."""
    acting = play.by()
    return documents.add_document(
        **acting,
        incoming=incoming(FIRST, "Foerste.txt"),
        about=[play.person(about)],
        text="Referat",
        forum=forum,
        item=item,
        happened_at=acting["now"],
    )


def replaced(play: Play, document: Document, about: str = "son") -> Document:
    """Another file in its place."""
    return documents.correct_document(
        **play.by(),
        root=document.root,
        incoming=incoming(SECOND, "Anden.txt"),
        about=[play.person(about)],
        text="Det rigtige referat",
        reason="Forkert fil.",
    )


def where(play: Play, name: str, *more: object) -> str:
    """An address in the case."""
    return reverse(f"cases:{name}", args=[play.case().matter.reference, *more])


def asked(client: Client, play: Play, key: str, address: str) -> HttpResponse:
    """What this worker is answered."""
    client.force_login(play.cast[key])
    play.become(key)
    return client.get(address)


def test_an_earlier_version_is_fetched_by_whoever_reads_the_newest_and_recorded(play: Play, client: Client) -> None:
    document = laid(play)
    replaced(play, document)
    play.disclose(document, to="dks")
    first, second = (where(play, "document-version", document.root, number) for number in (1, 2))
    for key in ("vink", "dks"):
        page = asked(client, play, key, where(play, "document", document.root)).content.decode()
        assert first in page and "Foerste.txt" in page and "Forkert fil." in page
        fetched = asked(client, play, key, first)
        assert body(fetched) == FIRST
        assert fetched["Content-Disposition"].endswith('Foerste.txt"')
        assert fetched["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert body(asked(client, play, key, second)) == SECOND
        assert asked(client, play, key, where(play, "document-version", document.root, 3)).status_code == 404
    seen = play.ledger("document.seen")
    assert [(one.worker_id, one.record_ids, one.codes["version"]) for one in seen] == [
        (play.cast[key].id, [document.root], version) for key in ("vink", "dks") for version in (1, 2)
    ]
    assert asked(client, play, "sof", first).status_code == 404, "takes part, and was told nothing"
    assert asked(client, play, "kriminalforsorg", first).status_code == 404


def test_a_withdrawn_disclosure_takes_every_version_with_it(play: Play, client: Client) -> None:
    document = laid(play)
    play.disclose(document, to="dks")
    replaced(play, document)
    with as_owner():
        told = Disclosure.objects.get(record_root=document.root)
    disclosing.withdraw(**play.by(), disclosure=told.root, reason="Ved en fejl.")
    for part, more in (("document", ()), ("document-download", ()), ("document-version", (1,)), ("document-version", (2,))):
        assert asked(client, play, "dks", where(play, part, document.root, *more)).status_code == 404
    assert body(asked(client, play, "vink", where(play, "document-version", document.root, 1))) == FIRST


@pytest.mark.req("R-221", part="of what others told us, no earlier version about a third person is read")
def test_a_recipient_reads_no_earlier_version_about_somebody_else(play: Play, client: Client) -> None:
    document = laid(play, about="father")
    replaced(play, document, about="son")
    acting = play.by()
    item = noting.write_item(**acting, item=an_item("Om faren."), about=[play.person("father")], happened_at=acting["now"])
    noting.correct_wrong_person(**play.by(), root=item.root, about=[play.person("son")], reason="Det var sønnen.")
    play.disclose(document, item, to="dks")
    first = where(play, "document-version", document.root, 1)
    assert body(asked(client, play, "vink", first)) == FIRST
    assert asked(client, play, "dks", first).status_code == 404
    assert "Foerste.txt" not in asked(client, play, "dks", where(play, "document", document.root)).content.decode()
    for key, versions in (("vink", 1), ("dks", 0)):
        worker, _now = play.become(key)
        case = play.case(key)
        assert len(earlier_versions(worker, case, records_of(worker, case, type(item)))) == versions


# In the wrong case


def move(play: Play, document: Document, to: Play, key: str = "vink") -> Document:
    """To the case that it belongs to."""
    return wrong_case.correct_wrong_case_of_document(
        **play.by(key), root=document.root, to_case_id=to.case_id, reason="Forvekslet."
    )


@pytest.mark.req("B-023", part="a document that is moved leaves nothing readable, for whoever was told it either")
def test_a_moved_document_leaves_a_note_and_nothing_readable(play: Play, client: Client) -> None:
    right = Play(play.cast)
    document = laid(play)
    replaced(play, document)
    play.disclose(document, to="dks")
    moved = move(play, document, right)
    fetched = asked(client, right, "vink", where(right, "document-download", moved.root))
    assert body(fetched) == SECOND
    assert (moved.matter_id, moved.about) == (right.matter_id, [right.person("son")])
    assert len(right.ledger("document.moved-here")) == 1
    parts = [("document-download", ()), ("document-preview", (1,)), ("document-version", (1,)), ("document-version", (3,))]
    for key, expected in (("vink", {404, 409}), ("dks", {404})):
        for part, more in parts:
            answer = asked(client, play, key, where(play, part, document.root, *more))
            assert answer.status_code in expected, (key, part)
            assert FIRST not in body(answer) and SECOND not in body(answer)
    for part in ("items", "timeline", "document"):
        more = [document.root] if part == "document" else []
        page = asked(client, play, "vink", where(play, part, *more)).content.decode()
        assert (
            "taget ud" in page and "Anden.txt" not in page and "Foerste.txt" not in page and "Det rigtige referat" not in page
        )
    assert asked(client, play, "dks", where(play, "document", document.root)).status_code == 404
    worker, _now = play.become("dks")
    waiting = [one.kind for one in records_of(worker, play.case("dks"), Task) if one.is_notice]
    assert waiting == [Task.Kind.DISCLOSURE_WITHDRAWN]
    assert Document.objects.filter(root=document.root).count() == 0, "not by raw SQL either: no version is the recipient's"
    assert len(play.ledger("disclosure.withdrawn")) == 1


def test_a_moved_document_has_a_key_and_a_file_of_its_own(play: Play, folder: Path) -> None:
    right = Play(play.cast)
    document = laid(play)
    moved = move(play, document, right)
    assert moved.content != document.content and moved.key_id != document.key_id
    assert len([one for one in folder.rglob("*") if one.is_file()]) == 2
    key_store().destroy([document.key_id])
    worker, _now = right.become("vink")
    with documents.open_document(documents.fetch_document(worker=worker, case=right.case(), root=moved.root)) as opened:
        assert opened.read() == FIRST


def test_what_was_moved_is_neither_moved_nor_corrected_nor_told_again(play: Play) -> None:
    right = Play(play.cast)
    document = laid(play)
    move(play, document, right)
    with refused(documents.TakenOut):
        move(play, document, right)
    with refused(documents.TakenOut):
        replaced(play, document)


def test_a_document_is_moved_by_its_owner_to_another_case_that_is_seen(play: Play, folder: Path) -> None:
    right = Play(play.cast)
    document = laid(play)
    play.disclose(document, to="dks")
    before = sorted(folder.rglob("*"))
    with refused(NotVisible):  # DKS has no part in the other case
        move(play, document, right, "dks")
    right.admit("dks")
    with refused(NotPermitted):
        move(play, document, right, "dks")
    with pytest.raises(RuleBroken, match="anden sag"):
        move(play, document, play)
    assert sorted(folder.rglob("*")) == before, "no file is left of what was not done"


def test_an_item_takes_its_documents_along(play: Play, client: Client) -> None:
    right = Play(play.cast)
    acting = play.by()
    item = noting.write_item(**acting, item=an_item(), about=[play.person("son")], happened_at=acting["now"])
    document = laid(play, item=item.root)
    other = laid(play)
    moved = wrong_case.correct_wrong_case(**play.by(), root=item.root, to_case_id=right.case_id, reason="Forvekslet.")
    worker, _now = right.become("vink")
    [there] = records_of(worker, fetch_case(worker=worker, case_id=right.case_id), Document)
    assert (there.item, there.name) == (moved.root, "Foerste.txt")
    worker, _now = play.become("vink")
    here = {one.root: one.retraction for one in records_of(worker, play.case(), Document)}
    assert here == {document.root: "wrong-case", other.root: ""}


def test_a_document_is_moved_by_its_page(play: Play, client: Client) -> None:
    right = Play(play.cast)
    document = laid(play)
    form = where(play, "act-dokument-forkert-sag")
    assert form in asked(client, play, "vink", where(play, "document", document.root)).content.decode()
    reference = right.case().matter.reference
    given = {"token": str(new_id()), "target": str(document.root), "reason": "Forvekslet."}
    play.become("vink")
    assert client.post(form, given | {"reference": "2099-9999"}).status_code in (404, 422)
    play.become("vink")
    assert client.post(form, given | {"reference": reference, "reason": ""}).status_code == 422
    play.become("vink")
    assert client.post(form, given | {"reference": reference}).status_code == 302
    play.become("vink")
    again = given | {"reference": reference, "token": str(new_id())}
    assert client.post(form, again).status_code in (409, 422)


def test_a_document_that_is_not_for_investigation_bears_the_mark_in_its_name(play: Play, client: Client) -> None:
    marked, plain = laid(play, forum="ssp"), laid(play)
    play.disclose(plain, to="dks")
    for key, document, is_marked in (("vink", marked, True), ("vink", plain, False), ("dks", plain, True)):
        fetched = asked(client, play, key, where(play, "document-download", document.root))
        assert ("Ikke til efterforskning - Foerste.txt" in fetched["Content-Disposition"]) == is_marked, key
        body(fetched)


def test_a_picture_in_the_place_of_a_text_leaves_the_text_to_fetch(play: Play, client: Client) -> None:
    document = laid(play)
    play.become("vink")
    client.force_login(play.cast["vink"])
    sent = {
        "token": str(new_id()),
        "target": str(document.root),
        "about": [str(play.person("son"))],
        "text": "Billede",
        "reason": "Læsbart.",
        "file": SimpleUploadedFile("Billede.png", a_png()),
    }
    assert client.post(where(play, "act-ret-dokument"), sent).status_code == 302
    assert body(asked(client, play, "vink", where(play, "document-version", document.root, 1))) == FIRST
