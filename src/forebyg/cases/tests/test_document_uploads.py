"""Documents come in by the page, are shown and fetched by those who may, and by nobody else."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases.actions import disclosing
from forebyg.cases.documents.names import LONGEST_NAME
from forebyg.cases.models import Disclosure, Document, Task
from forebyg.cases.queries import records_of
from forebyg.cases.tests.cast import Play
from forebyg.cases.tests.files import a_docx, a_pdf, a_png
from forebyg.cases.tests.test_case_page import Family, ask, words
from forebyg.core.ids import new_id
from forebyg.store.chunks import FOLDER, SealedDraft
from forebyg.store.sealed import key_store

SettingsOf = Callable[..., None]


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own for the files; the key store is the run's."""
    key_store()
    monkeypatch.setattr(settings, "FOREBYG", settings.FOREBYG.model_copy(update={"data_folder": tmp_path}))
    return tmp_path / FOLDER


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> SettingsOf:
    """Set what an installation may set."""
    return lambda **values: monkeypatch.setattr(settings, "FOREBYG", settings.FOREBYG.model_copy(update=values))


class Small(Play):
    """A case as it begins: VINK's alone."""

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case().matter.reference


@pytest.fixture
def small(cast: dict[str, Worker]) -> Small:
    return Small(cast)


@pytest.fixture
def family(cast: dict[str, Worker]) -> Family:
    return Family(cast)


def kept(folder: Path) -> list[Path]:
    """All files there are, whole or not."""
    return [path for path in folder.rglob("*") if path.is_file()]


def send(client: Client, family: Play, key: str = "vink", **values: object) -> HttpResponse:
    """Fill in the form and send it, as a browser without JavaScript does."""
    family.become(key)
    client.force_login(family.cast[key])
    given: dict[str, object] = {
        "token": str(new_id()),
        "about": [str(family.person("son"))],
        "forum": "own",
        "text": "Referat",
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "file": SimpleUploadedFile("Referat af møde.pdf", a_pdf("Side et", "Side to")),
    }
    return client.post(reverse("cases:act-dokument", args=[family.case().matter.reference]), given | values)


def test_a_file_is_uploaded_listed_looked_at_and_fetched(client: Client, small: Small, folder: Path) -> None:
    answer = send(client, small)
    assert answer.status_code == 302, words(answer.content.decode())
    worker, _ = small.become("vink")
    (document,) = records_of(worker, small.case(), Document)
    assert (document.name, document.kind, document.pages) == ("Referat af møde.pdf", "pdf", 2)
    assert [path.name for path in kept(folder)] == [str(document.content)]
    small.become("vink")
    listed = words(client.get(answer["Location"]).content.decode())
    assert "Referat af møde.pdf" in listed
    where = [small.reference, document.root]
    small.become("vink")
    page = client.get(reverse("cases:document", args=where))
    assert page.status_code == 200
    shown = client.get(reverse("cases:document-preview", args=[*where, 2]))
    assert shown["Content-Type"] == "image/png"
    assert shown.content.startswith(b"\x89PNG")
    fetched = client.get(reverse("cases:document-download", args=where))
    assert body(fetched) == a_pdf("Side et", "Side to")


def body(answer: HttpResponse) -> bytes:
    """All that is sent."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def refusal_of(answer: HttpResponse) -> str:
    """What stands on the form."""
    assert answer.status_code == 422
    return words(answer.content.decode()).split(" Tilføj et dokument ")[0]


def test_an_upload_is_an_event_and_so_is_each_look(client: Client, small: Small) -> None:
    send(client, small)
    worker, _ = small.become("vink")
    (document,) = records_of(worker, small.case(), Document)
    where = [small.reference, document.root]
    for part, arguments in (("download", []), ("preview", [1])):
        small.become("vink")
        body(client.get(reverse(f"cases:document-{part}", args=[*where, *arguments])))
    assert [one.record_ids for one in small.ledger("document.added")] == [[document.root]]
    seen = small.ledger("document.seen")
    assert [(one.worker_id, one.record_ids, one.codes["how"]) for one in seen] == [
        (worker.id, [document.root], "download"),
        (worker.id, [document.root], "preview"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "says", "code"),
    [
        ("brev.pdf", a_png(), "Filens navn ender på .pdf, men indholdet er: PNG-billede.", "document-name-says-otherwise"),
        ("brev.html", b"<html></html>", "webside", "document-may-run"),
        ("brev.docm", a_docx(("word/vbaProject.bin", b"x")), "makroer", "document-has-macros"),
        ("tom.pdf", b"", "Filen er tom", "document-empty"),
        ("stor.txt", b"tekst " * 200_000, "fylder mere end 1 MB", "document-too-large"),
    ],
)
def test_a_file_that_is_not_taken_in_leaves_nothing_but_an_event(
    client: Client, small: Small, folder: Path, settings_of: SettingsOf, name: str, content: bytes, says: str, code: str
) -> None:
    settings_of(document_limit=1)
    answer = send(client, small, file=SimpleUploadedFile(name, content))
    assert says in refusal_of(answer)
    assert "Referat" in answer.content.decode(), "the words are still there"
    worker, _ = small.become("vink")
    assert records_of(worker, small.case(), Document) == []
    assert kept(folder) == []
    assert [one.codes for one in small.ledger("document.refused")] == [{"error": code, "status": 422}]


def test_no_file_and_a_word_in_its_place_are_refused(client: Client, small: Small, folder: Path) -> None:
    for file in ("", "en tekst i stedet for en fil"):
        assert "Vælg en fil." in refusal_of(send(client, small, file=file))
    assert kept(folder) == []


def test_a_name_with_folders_in_it_is_cleaned(client: Client, small: Small) -> None:
    file = SimpleUploadedFile("x", a_pdf("Side"))
    file._name = "../../keys/\u202emaster" + "x" * 300 + ".pdf"  # as a sender without manners writes it
    assert send(client, small, file=file).status_code == 302
    worker, _ = small.become("vink")
    (document,) = records_of(worker, small.case(), Document)
    assert document.name.startswith("masterxxx")
    assert document.name.endswith("x.pdf")
    assert len(document.name) == LONGEST_NAME


def test_a_second_click_adds_nothing(client: Client, small: Small, folder: Path) -> None:
    token = str(new_id())
    for _ in range(2):
        assert send(client, small, token=token).status_code == 302
    worker, _ = small.become("vink")
    assert len(records_of(worker, small.case(), Document)) == len(kept(folder)) == 1


def test_what_the_scanner_finds_is_not_kept(client: Client, small: Small, folder: Path, settings_of: SettingsOf) -> None:
    settings_of(clamav=f"unix:{folder}/nobody")
    assert "scanneren ikke svarer" in refusal_of(send(client, small))
    assert kept(folder) == []
    assert [one.codes["error"] for one in small.ledger("document.refused")] == ["document-scanner-unavailable"]


def test_someone_who_may_not_write_here_is_not_listened_to(
    client: Client, small: Small, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SealedDraft, "__init__", lambda *_: pytest.fail("sealed a file of someone who may not send one"))
    assert send(client, small, "psykiatri").status_code == 404
    assert send(client, small, "mentor").status_code in (403, 404)
    client.logout()
    address = reverse("cases:act-dokument", args=[small.reference])
    assert client.post(address, {"file": SimpleUploadedFile("x.pdf", a_pdf("x"))}).status_code == 302
    assert kept(folder) == []


def test_no_other_form_takes_a_file(client: Client, small: Small, folder: Path) -> None:
    small.become("vink")
    client.force_login(small.cast["vink"])
    address = reverse("cases:act-oplysning", args=[small.reference])
    answer = client.post(address, {"file": SimpleUploadedFile("x.pdf", a_pdf("x")), "text": "x"})
    assert answer.status_code == 422
    assert kept(folder) == []
    assert settings.FILE_UPLOAD_HANDLERS == ["forebyg.cases.documents.incoming.NoFiles"]


@pytest.mark.req("B-027", part="attachments obey the same visibility as every record")
@pytest.mark.req("R-216", part="a document is fetched, previewed, listed and counted for its readers alone")
def test_a_document_is_its_readers_alone_until_it_is_disclosed(client: Client, family: Family) -> None:
    send(client, family)
    worker, _ = family.become("vink")
    (document,) = records_of(worker, family.case(), Document)
    addresses = [
        reverse("cases:document", args=[family.reference, document.root]),
        reverse("cases:document-download", args=[family.reference, document.root]),
        reverse("cases:document-preview", args=[family.reference, document.root, 1]),
    ]

    def answers(key: str) -> set[int]:
        client.force_login(family.cast[key])
        found = set()
        for address in addresses:
            family.become(key)
            answer = client.get(address)
            found.add(answer.status_code)
            body(answer)
        return found

    def mentions(key: str) -> bool:
        return any(document.name in ask(client, family, key, tab) for tab in ("items", "timeline", "case"))

    assert answers("vink") == {200}
    assert mentions("vink")
    assert answers("dks") == answers("psykiatri") == {404}
    assert not mentions("dks")
    before = menu_count(ask(client, family, "dks", "case"))
    family.disclose(document, to="dks")
    assert answers("dks") == {200}
    assert mentions("dks")
    assert menu_count(ask(client, family, "dks", "case")) == before + 1
    worker, _ = family.become("vink")
    (told,) = [one for one in records_of(worker, family.case(), Disclosure) if one.record_root == document.root]
    disclosing.withdraw(**family.by(), disclosure=told.root, reason="Sendt ved en fejl.")
    assert answers("dks") == {404}
    assert not mentions("dks")


def menu_count(written: str) -> int:
    """How many items and documents the menu tells of."""
    found = re.search(r"Oplysninger.{0,80}?(\d+)", words_of_menu(written))
    return int(found[1]) if found else 0


def words_of_menu(written: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", written)).split())


@pytest.mark.req("R-214", part="a document's content opens with its own key alone")
def test_without_its_key_the_content_is_gone(client: Client, small: Small) -> None:
    send(client, small)
    worker, _ = small.become("vink")
    (document,) = records_of(worker, small.case(), Document)
    key_store().destroy([document.key_id])
    where = [small.reference, document.root]
    small.become("vink")
    assert client.get(reverse("cases:document-download", args=where)).status_code == 409
    small.become("vink")
    page = words(client.get(reverse("cases:document", args=where)).content.decode())
    assert "Indholdet er slettet." in page
    assert "Hent filen" not in page
    assert "Dokument, hvis indhold er slettet" in words(ask(client, small, "vink", "items"))


def test_a_damaged_file_is_refused_before_the_first_byte(client: Client, small: Small, folder: Path) -> None:
    send(client, small)
    (path,) = kept(folder)
    path.write_bytes(path.read_bytes()[:-1])
    worker, _ = small.become("vink")
    (document,) = records_of(worker, small.case(), Document)
    small.become("vink")
    answer = client.get(reverse("cases:document-download", args=[small.reference, document.root]))
    assert answer.status_code == 409
    assert "ændret uden om Forebyg" in answer.content.decode()


def test_a_download_is_a_file_and_never_a_page(client: Client, small: Small) -> None:
    send(client, small, file=SimpleUploadedFile("Møde.png", a_png()))
    worker, _ = small.become("vink")
    (document,) = records_of(worker, small.case(), Document)
    where = [small.reference, document.root]
    small.become("vink")
    fetched = client.get(reverse("cases:document-download", args=where))
    assert fetched["Content-Disposition"] == "attachment; filename*=utf-8''M%C3%B8de.png"
    assert body(fetched) == a_png()
    assert (fetched["Content-Type"], fetched["Content-Length"]) == ("application/octet-stream", str(len(a_png())))
    small.become("vink")
    shown = client.get(reverse("cases:document-preview", args=[*where, 1]))
    assert shown["Content-Type"] == "image/png"
    assert body(shown) == a_png()
    for answer in (fetched, shown):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    small.become("vink")
    assert client.get(reverse("cases:document-preview", args=[*where, 2])).status_code == 404
    small.become("vink")
    assert client.get(reverse("cases:document", args=where) + "?side=2").status_code == 404


def test_a_correction_replaces_the_file_and_tells_the_recipients(client: Client, family: Family, folder: Path) -> None:
    send(client, family)
    worker, _ = family.become("vink")
    (first,) = records_of(worker, family.case(), Document)
    family.disclose(first, to="dks")
    family.become("vink")
    client.force_login(family.cast["vink"])
    address = reverse("cases:act-ret-dokument", args=[family.reference])
    sent = {
        "token": str(new_id()),
        "target": str(first.root),
        "about": [str(family.person("son"))],
        "text": "Det rigtige referat",
        "reason": "Der var lagt en forkert fil op.",
        "file": SimpleUploadedFile("Rigtigt.png", a_png()),
    }
    assert client.post(address, sent).status_code == 302
    worker, _ = family.become("dks")
    (second,) = records_of(worker, family.case("dks"), Document)
    assert (second.root, second.version, second.name, second.kind) == (first.root, 2, "Rigtigt.png", "png")
    assert second.key_id != first.key_id
    assert len(kept(folder)) == 2, "the earlier file stays in the history"
    assert Task.Kind.READ_CORRECTION in [one.kind for one in records_of(worker, family.case("dks"), Task)]
    family.become("vink")
    again = sent | {"token": str(new_id()), "about": [str(family.person("father"))], "reason": "Handler om faren."}
    del again["file"]
    assert client.post(address, again).status_code == 302
    worker, _ = family.become("vink")
    (third,) = records_of(worker, family.case(), Document)
    assert (third.version, third.content, third.about) == (3, second.content, [family.person("father")])
    family.become("vink")
    fetched = client.get(reverse("cases:document-download", args=[family.reference, first.root]))
    assert body(fetched) == a_png()
    client.force_login(family.cast["dks"])
    family.become("dks")
    assert client.post(address, again | {"token": str(new_id())}).status_code == 404  # it is about somebody else now


def test_a_document_comes_under_the_forum_and_the_bar_of_its_item(client: Client, family: Family) -> None:
    assert send(client, family, item=str(family.told.root)).status_code == 302
    worker, _ = family.become("vink")
    (document,) = records_of(worker, family.case(), Document)
    assert (document.forum, document.not_for_investigation, document.item) == (family.told.forum, True, family.told.root)
    assert document.forum == "ssp"
    assert words(ask(client, family, "vink", "items")).count("Ikke til efterforskning") >= 2
    assert send(client, family, item=str(new_id())).status_code in (404, 422)


# Much at once

ABOUT_60_MB = 60_000_000
MORE_MEMORY = 24_000_000
"""Bytes that a file of 60 MB may add: a chunk or two, and what the interpreter keeps."""


class Stream:
    """A request's body that is made while it is read; remembers how much memory the process had at most."""

    def __init__(self, before: bytes, size: int, after: bytes) -> None:
        self.size = len(before) + size + len(after)
        self._parts = itertools.chain([before], self._filling(size), [after])
        self._left = b""
        self.most = 0

    @staticmethod
    def _filling(size: int) -> Iterator[bytes]:
        line = b"tekst uden navn " * 4096
        while size > 0:
            yield line[:size]
            size -= len(line)

    def read(self, number: int = -1) -> bytes:
        while len(self._left) < number and (part := next(self._parts, b"")):
            self._left += part
        given, self._left = self._left[:number], self._left[number:]
        self.most = max(self.most, memory())
        return given

    def readline(self, number: int = -1) -> bytes:
        """There are no lines in it."""
        return self.read(number if number > 0 else 1 << 16)


def memory() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def head_of_a_large_file(small: Small) -> bytes:
    """All of the form but the file's content, as a browser sends it."""
    fields = {"token": str(new_id()), "about": str(small.person("son")), "forum": "own", "text": "Stor"}
    fields["happened_at"] = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    head = "".join(f'--XX\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    return f'{head}--XX\r\nContent-Disposition: form-data; name="file"; filename="stor.txt"\r\n\r\n'.encode()


def test_a_large_file_comes_in_and_goes_out_at_flat_memory(client: Client, small: Small, folder: Path) -> None:
    send(client, small)  # what is loaded once is loaded
    stream = Stream(head_of_a_large_file(small), ABOUT_60_MB, b"\r\n--XX--\r\n")
    small.become("vink")
    before = memory()
    answer = client.generic(
        "POST",
        reverse("cases:act-dokument", args=[small.reference]),
        **{"CONTENT_TYPE": "multipart/form-data; boundary=XX", "wsgi.input": stream, "CONTENT_LENGTH": str(stream.size)},
    )
    assert answer.status_code == 302, words(answer.content.decode())
    assert stream.most - before < MORE_MEMORY
    worker, _ = small.become("vink")
    document = records_of(worker, small.case(), Document)[-1]
    assert (document.size, document.kind) == (ABOUT_60_MB, "text")
    small.become("vink")
    fetched = client.get(reverse("cases:document-download", args=[small.reference, document.root]))
    length, most = 0, 0
    for chunk in fetched.streaming_content:
        length, most = length + len(chunk), max(most, memory())
    assert length == ABOUT_60_MB
    assert most - before < MORE_MEMORY


def test_a_sender_who_goes_away_leaves_nothing(client: Client, small: Small, folder: Path) -> None:
    small.become("vink")
    client.force_login(small.cast["vink"])
    stream = Stream(head_of_a_large_file(small), 3_000_000, b"")
    answer = client.generic(
        "POST",
        reverse("cases:act-dokument", args=[small.reference]),
        **{
            "CONTENT_TYPE": "multipart/form-data; boundary=XX",
            "wsgi.input": stream,
            "CONTENT_LENGTH": str(stream.size + 5_000_000),
        },
    )
    assert stream.most > 0, "it was listened to"
    assert "Filen kom ikke helt frem" in refusal_of(answer)
    assert kept(folder) == []
