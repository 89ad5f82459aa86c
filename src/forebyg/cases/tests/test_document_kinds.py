"""What a file is told by its content; what lies, hides or explodes is refused with a sentence that says what to do."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Iterator

import pytest
from django.conf import settings

from forebyg.cases.documents import refusals
from forebyg.cases.documents.archives import MOST_PARTS
from forebyg.cases.documents.names import LONGEST_NAME, clean_name
from forebyg.cases.documents.preview import CannotShow, picture_of
from forebyg.cases.tests.files import (
    OPEN_SHEET,
    OPEN_TEXT,
    WORD,
    a_docx,
    a_jpeg,
    a_pdf,
    a_png,
    an_archive,
    an_open_document,
    an_xlsx,
    incoming,
)


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of these tests lie apart."""
    from forebyg.store.sealed import key_store

    key_store()
    apart = settings.FOREBYG.model_copy(update={"data_folder": tmp_path_factory.mktemp("documents")})
    monkeypatch.setattr(settings, "FOREBYG", apart)


TAKEN = {
    "pdf": a_pdf("Side"),
    "png": a_png(),
    "jpeg": a_jpeg(),
    "text": "Mødereferat: æøå\r\n\tog mere".encode(),
    "docx": a_docx(("word/styles.xml", b"<w:styles/>")),
    "xlsx": an_xlsx(),
    "odt": an_open_document(OPEN_TEXT),
    "ods": an_open_document(OPEN_SHEET),
}
NAMES = {"jpeg": "billede.JPG", "text": "note.txt"}


def _leading_outside(kind: str, mode: str = "External") -> bytes:
    """The relations of a part, one of which leads to a place outside of the file."""
    type_of_it = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    target = f'<Relationship Id="rId1" Type="{type_of_it}" Target="https://et-andet-sted.example/" TargetMode="{mode}"/>'
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{target}</Relationships>'.encode()
    )


def test_a_link_in_an_office_file_is_no_reason_to_refuse_it() -> None:
    relations = [
        ("word/_rels/document.xml.rels", _leading_outside("hyperlink")),
        ("_rels/.rels", _leading_outside("x", "Internal")),
    ]
    assert incoming(a_docx(*relations), "brev.docx").refusal is None


@pytest.mark.parametrize("kind", TAKEN)
def test_a_kind_is_known_by_its_content(kind: str) -> None:
    file = incoming(TAKEN[kind], NAMES.get(kind, f"fil.{kind}"))
    assert (file.refusal, file.kind) == (None, kind)
    nameless = incoming(TAKEN[kind], "fil")
    assert nameless.clean_name.startswith("fil."), "it gets the ending of its kind"


def test_older_danish_text_is_text() -> None:
    assert incoming("æøå".encode("latin-1"), "note.txt").kind == "text"


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "tom.pdf", refusals.DocumentEmpty),
        (a_png(), "brev.pdf", refusals.NameSaysOtherwise),
        (a_pdf("Side"), "billede.png", refusals.NameSaysOtherwise),
        (b"bare tekst", "brev.docx", refusals.NameSaysOtherwise),
        (b"WScript.Echo(1)", "kør.vbs", refusals.NameSaysOtherwise),
        (b"bare tekst", "side.html", refusals.NameSaysOtherwise),
        (b"<!DOCTYPE html><p>", "brev.txt", refusals.MayRun),
        (b"\xef\xbb\xbf\n <svg onload=alert(1)>", "tegning.svg", refusals.MayRun),
        (b"<?xml version='1.0'?><svg/>", "tegning.txt", refusals.MayRun),
        (b"hej <script>alert(1)</script>", "brev.txt", refusals.MayRun),
        (b"#!/bin/sh\n", "brev.txt", refusals.MayRun),
        (b"MZ\x90\x00\x03", "brev.pdf", refusals.KindNotTaken),
        (b"\x7fELF\x02", "brev", refusals.KindNotTaken),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "brev.doc", refusals.KindNotTaken),
        (b"GIF89a\x01\x00", "billede.gif", refusals.KindNotTaken),
        (b"%PDF-1.7\nog ikke mere", "brev.pdf", refusals.NotReadable),
        (a_png()[:-4], "billede.png", refusals.NotReadable),
        (a_jpeg()[:14], "billede.jpg", refusals.NotReadable),
        (a_png()[:16] + struct.pack(">II", 60_000, 60_000) + a_png()[24:], "billede.png", refusals.Bomb),
        (a_jpeg(60_000, 60_000), "billede.jpg", refusals.Bomb),
        (b"PK\x03\x04", "brev.docx", refusals.NotReadable),
        (an_archive([("brev.txt", b"hej")]), "samling.zip", refusals.KindNotTaken),
        (a_docx(types="application/vnd.ms-word.document.macroEnabled.main+xml"), "brev.docx", refusals.HasMacros),
        (a_docx(("word/vbaProject.bin", b"x")), "brev.docx", refusals.HasMacros),
        (a_docx(("word/x.bin", b"x"), types=f"{WORD} application/vnd.ms-office.vbaProject"), "brev.docx", refusals.HasMacros),
        (a_docx(types=f"{WORD} application/vnd.ms-office.vba&#80;roject"), "brev.docx", refusals.NotReadable),
        (a_docx(("word/_rels/settings.xml.rels", _leading_outside("attachedTemplate"))), "brev.docx", refusals.Fetches),
        (a_docx(("word/_rels/document.xml.rels", b"<!DOCTYPE a><a/>")), "brev.docx", refusals.NotReadable),
        (a_docx(("word/_rels/document.xml.rels", b"<a>")), "brev.docx", refusals.NotReadable),
        (an_xlsx(("xl/macrosheets/sheet1.xml", b"x")), "ark.xlsx", refusals.HasMacros),
        (a_docx(("word/activeX/activeX1.bin", b"x")), "brev.docx", refusals.HasMacros),
        (an_open_document(OPEN_TEXT, ("Basic/Standard/Module1.xml", b"x")), "brev.odt", refusals.HasMacros),
        (a_docx(("word/embeddings/oleObject1.bin", b"x")), "brev.docx", refusals.HoldsFiles),
        (an_open_document(OPEN_TEXT, ("Object 1", b"x")), "brev.odt", refusals.HoldsFiles),
        (a_docx(("word/kør.exe", b"x")), "brev.docx", refusals.HoldsFiles),
        (a_docx() + b"noget bagefter", "brev.docx", refusals.NotReadable),
    ],
    ids=lambda one: one if isinstance(one, str) else getattr(one, "__name__", ""),
)
def test_what_is_not_taken_in_is_refused_with_a_sentence(content: bytes, name: str, refusal: type) -> None:
    file = incoming(content, name)
    assert type(file.refusal) is refusal
    assert file.refusal is not None
    assert file.refusal.sentence.endswith(".")
    assert file.refusal.code.startswith("document-")


def _bomb(size: int) -> bytes:
    return a_docx(("word/media/image1.bmp", b"\0" * size))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    began = time.monotonic()
    content = _bomb(300_000_000)
    made = time.monotonic()
    assert len(content) < 1_000_000
    assert type(incoming(content, "brev.docx").refusal) is refusals.Bomb
    assert time.monotonic() - made < 1 + (made - began)


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(_bomb(50_000_000))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # the part's size, in both places that tell it
        at = content.rindex(mark)
        content[at + place : at + place + 4] = struct.pack("<L", 1000)
    assert type(incoming(bytes(content), "brev.docx").refusal) is refusals.NotReadable


def test_an_archive_of_very_many_parts_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(MOST_PARTS + 1):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    assert type(incoming(made.getvalue(), "brev.docx").refusal) is refusals.Bomb


def test_a_list_of_parts_that_would_fill_the_memory_is_not_read() -> None:
    entry = b"PK\x01\x02".ljust(46, b"\0")
    directory = entry * 100_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 100, 100, len(directory), 4, 0)
    assert type(incoming(b"PK\x03\x04" + directory + end, "brev.docx").refusal) is refusals.Bomb


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\Windows\\brev.pdf", "brev.pdf"),
        ("brev\x00\x07\n.pdf", "brev.pdf"),
        ("brev\u202efdp.pdf", "brevfdp.pdf"),
        ("  Brev   til\tmor .pdf ", "Brev til mor.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("Mo\u0308de.PDF", "M\u00f6de.pdf"),
        ("..", "dokument.pdf"),
        (".pdf", "dokument.pdf"),
        ("", "dokument.pdf"),
        ("Referat af møde 12. maj", "Referat af møde 12. maj.pdf"),
    ],
)
def test_a_name_is_cleaned(sent: str, kept: str) -> None:
    assert clean_name(sent, "pdf") == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("x" * 300 + ".pdf", "pdf")
    assert len(name) == LONGEST_NAME
    assert name.endswith("x.pdf")


def test_an_ending_that_turns_directions_around_is_seen_through() -> None:
    with pytest.raises(refusals.NameSaysOtherwise) as caught:
        clean_name("brev\u202efdp.exe", "pdf")
    assert ".exe" in caught.value.sentence


# Looking without running


def one(content: bytes) -> Iterator[bytes]:
    yield content


def test_a_page_of_a_pdf_is_a_picture() -> None:
    shown = picture_of(one(a_pdf("Side et", "Side to")), 2)
    assert shown.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", shown[16:24])
    assert (width, height) == (1240, 1755)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\xff" * 5000 + b"%%EOF"])
def test_a_pdf_that_cannot_be_shown_is_kept_and_not_shown(content: bytes) -> None:
    file = incoming(content, "brev.pdf")
    assert (file.refusal, file.pages) == (None, 0)
    with pytest.raises(CannotShow):
        picture_of(one(content), 1)


def test_a_page_that_there_is_not_cannot_be_shown() -> None:
    with pytest.raises(CannotShow):
        picture_of(one(a_pdf("Side")), 9)


def test_pdfium_has_no_javascript() -> None:
    import pypdfium2

    assert not {"V8", "XFA"} & set(pypdfium2.PDFIUM_INFO.flags)
