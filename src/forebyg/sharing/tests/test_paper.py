"""Statements and letters as PDF, and letters that are withdrawn."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse
from django.utils import translation

from forebyg.access.models import Worker
from forebyg.access.tests.rows import refused as refused_by_postgresql
from forebyg.access.tests.rows import run
from forebyg.cases.actions import disclosing, noting
from forebyg.cases.finding import Terms
from forebyg.cases.known import Known, asked_of
from forebyg.cases.models import Disclosure, Item, Task
from forebyg.cases.queries import records_of
from forebyg.cases.rules import AlreadyDone, TextMissing
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, an_item, refused
from forebyg.cases.views import paper
from forebyg.core.errors import NotVisible
from forebyg.sharing.actions import withdraw_letter, write_letter
from forebyg.sharing.models import Letter
from forebyg.sharing.wording import lacking
from forebyg.store.together import ask

STANDARDS = (b"pdfaid:part", b"pdfuaid:part")
"""What a PDF that says to be archivable and accessible carries in its metadata."""


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case about a son of 16 and his father, with DKS in it."""
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    return play


def an_own_item(play: Play, key: str = "vink", **values: Any) -> Item:
    """An item about the son."""
    acting = play.by(key)
    return noting.write_item(**acting, item=an_item(**values), about=[play.person("son")], happened_at=acting["now"])


def a_letter(play: Play, text: str = "Kære modtager.", **values: Any) -> Letter:
    """VINK's letter to the father about the son."""
    item = an_own_item(play)
    given = {"about": play.person("son"), "to_person": play.person("father"), "to_kind": "parent", "terms": Terms()} | values
    return write_letter(**play.by(), records=[("cases_item", item.root)], text=text, necessity="Faren har spurgt.", **given)


def a_statement(play: Play) -> Disclosure:
    """Of VINK's telling DKS of an item, in the SSP cooperation."""
    play.disclose(an_own_item(play), to="dks")
    with as_owner():
        return Disclosure.objects.get()


def address(play: Play, name: str, root: uuid.UUID) -> str:
    """Where a sheet of the case is."""
    return reverse(f"sharing:{name}", args=[play.case().matter.reference, root])


def fetched(client: Client, play: Play, name: str, root: uuid.UUID, key: str = "vink") -> bytes:
    """The PDF that this worker gets."""
    client.force_login(play.cast[key])
    answer = client.get(address(play, name, root))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    content: bytes = answer.content
    return content


def words_in(pdf: bytes) -> list[str]:
    """The text of each page as a screen reader would get it."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in opened]


def words_on(client: Client, where: str) -> str:
    """The text of a page."""
    answer = client.get(where)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.req("B-021")
def test_every_disclosure_has_a_statement_with_its_finding_on_screen_and_as_a_pdf(play: Play, client: Client) -> None:
    told = a_statement(play)
    basis = told.finding["bases"][0]
    assert lacking(told.finding), "a text of the law that nobody has read"
    for key in ("vink", "dks"):
        client.force_login(play.cast[key])
        [printed] = words_in(fetched(client, play, "statement-pdf", told.root, key))
        for where in (printed, words_on(client, address(play, "statement", told.root))):
            assert "Retsplejelovens § 115, stk. 2" in where, "provision"
            assert f"dk-2026 {basis['pack_version']}" in where and basis["version"] in where, "version"
            for condition in basis["conditions"]:
                assert condition["da"] in where, "conditions"
            assert "demo" in where, "nobody qualified has signed it"
            for lacked in lacking(told.finding):
                assert lacked in where, "what was missing"
            assert "Modtageren arbejder med samme familie." in where
            assert "Må kun bruges til dette formål: forebygge kriminalitet." in where
            assert "Ikke til efterforskning" in where and "Kun i SSP" in where


def test_a_sheet_as_pdf_is_tagged_archivable_and_has_its_fonts_inside(play: Play, client: Client) -> None:
    pdf = fetched(client, play, "statement-pdf", a_statement(play).root)
    assert pdf.startswith(b"%PDF-1.7")
    assert all(one in pdf for one in STANDARDS)
    with pypdfium2.PdfDocument(pdf) as opened:
        assert opened.is_tagged()
        assert opened.get_metadata_value("Title") == "Erklæring om en videregivelse"
        fonts = [raw.FPDFTextObj_GetFont(one.raw) for one in opened[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]
        assert fonts and all(raw.FPDFFont_GetIsEmbedded(font) == 1 for font in fonts)


def test_the_page_and_the_pdf_say_the_same(play: Play, client: Client) -> None:
    letter = a_letter(play, "Første linje.\n\nAnden linje: æøå ÆØÅ é ü “citat” – §.")
    [printed] = words_in(fetched(client, play, "letter-pdf", letter.root))
    page = words_on(client, address(play, "letter", letter.root))
    for said in ("Brev fra VINK", "Første linje.", "Anden linje: æøå ÆØÅ é ü “citat” – §.", "Hvorfor vi må fortælle det"):
        assert said in printed and said in page, said


def test_a_sheet_is_in_the_language_of_the_page(play: Play, client: Client) -> None:
    told = a_statement(play)
    client.force_login(play.cast["vink"])
    with translation.override("en"):
        answer = client.get(address(play, "statement-pdf", told.root), headers={"accept-language": "en"})
    [printed] = words_in(answer.content)
    assert "Statement of a disclosure" in printed and "Not for investigation" in printed
    assert b"/Lang (en)" in answer.content or b"/Lang(en)" in answer.content


HOSTILE = (
    '#read("/etc/passwd")',
    '#import "@preview/nothing:1.0.0": *',
    '#eval("1+1") $ sum $ *fed* _kursiv_ = Overskrift',
    '{"purpose": "alt"} \\u0041 </script> // kommentar /* */ <mærke> @henvisning',
    '")] #panic() #[',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_taken_for_markup(play: Play, client: Client, text: str) -> None:
    [printed] = words_in(fetched(client, play, "letter-pdf", a_letter(play, text).root))
    assert re.sub(r"\s+", "", text) in re.sub(r"\s+", "", printed)


def test_signs_that_no_font_has_are_refused_with_a_way_out(play: Play, client: Client) -> None:
    letter = a_letter(play, "Kære 中文 modtager.")
    client.force_login(play.cast["vink"])
    answer = client.get(address(play, "letter-pdf", letter.root))
    assert answer.status_code == 409
    assert "skriv siden ud fra browseren" in answer.content.decode()
    assert "中文" not in answer.content.decode()
    assert "中文" in words_on(client, address(play, "letter", letter.root))
    assert play.ledger("paper.fetched") == []


def test_nothing_of_it_reaches_a_disk(play: Play, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """typst opens no file to write: the sheet is typeset where no file can be made at all."""
    import resource

    letter = a_letter(play)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    typeset: Callable[..., bytes] = paper.as_pdf

    def without_files(sheet: Any) -> bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            return typeset(sheet)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    monkeypatch.setattr(paper, "as_pdf", without_files)
    assert fetched(client, play, "letter-pdf", letter.root)


def test_a_pdf_is_given_to_whoever_sees_the_page_and_each_time_recorded(play: Play, client: Client) -> None:
    play.admit("ssp")
    told, letter = a_statement(play), a_letter(play)
    for name, root, readers in (("statement", told.root, {"vink", "dks"}), ("letter", letter.root, {"vink"})):
        for key in ("vink", "dks", "ssp", "kriminalforsorg", "mentor"):
            client.force_login(play.cast[key])
            expected = 200 if key in readers else 404
            for part in (name, f"{name}-pdf"):
                play.become(key)
                assert client.get(address(play, part, root)).status_code == expected, (key, part)
    assert [(one.worker_id, one.codes["paper"]) for one in play.ledger("paper.fetched")] == [
        (play.cast["vink"].id, "erklaering"),
        (play.cast["dks"].id, "erklaering"),
        (play.cast["vink"].id, "brev"),
    ]
    assert play.ledger("paper.fetched")[0].record_ids == sorted([told.root, told.record_root])


# Withdrawn


def test_a_withdrawn_letter_stays_is_marked_and_tells_what_follows(play: Play, client: Client) -> None:
    letter = a_letter(play, "Det, der var forkert.")
    withdraw_letter(**play.by(), root=letter.root, reason="Det handlede om en anden.")
    [event] = play.ledger("letter.withdrawn")
    assert event.record_ids == [letter.root, *letter.records] and event.reason is not None
    assert len(play.ledger("letter.written")) == 1, "that it was written stays"
    worker, _now = play.become("vink")
    tasks = [one.text for one in records_of(worker, play.case(), Task) if one.kind == Task.Kind.DO]
    assert any("Fortæl modtageren, at brevet" in (text or "") for text in tasks)
    [printed] = words_in(fetched(client, play, "letter-pdf", letter.root))
    for where in (printed, words_on(client, address(play, "letter", letter.root))):
        assert "Trukket tilbage" in where and "gælder ikke længere" in where and "Det, der var forkert." in where
    assert printed.count("Trukket tilbage") == 3, "in the head of the page, on top, and in words"
    assert "Trukket tilbage" in words_on(client, reverse("cases:sharing", args=[play.case().matter.reference]))


def test_a_letter_is_withdrawn_once_with_a_reason_by_its_own_agency(play: Play) -> None:
    letter = a_letter(play)
    with refused(TextMissing):
        withdraw_letter(**play.by(), root=letter.root, reason=" ")
    with refused(NotVisible):
        withdraw_letter(**play.by("dks"), root=letter.root, reason="Ikke jeres.")
    withdraw_letter(**play.by(), root=letter.root, reason="Forkert.")
    with refused(AlreadyDone):
        withdraw_letter(**play.by(), root=letter.root, reason="Igen.")
    assert len(play.ledger("letter.withdrawn")) == 1


def test_postgresql_lets_nothing_of_a_letter_be_changed_but_that_it_is_withdrawn(play: Play) -> None:
    letter = a_letter(play)
    play.become("dks")
    change = "UPDATE sharing_letter SET withdrawn_at = store.now(), withdrawn_by_id = access.me() WHERE id = %s"
    assert run(change, letter.id) == 0
    play.become("vink")
    with refused_by_postgresql():
        run(
            "UPDATE sharing_letter SET withdrawn_at = store.now(), withdrawn_by_id = %s WHERE id = %s",
            play.cast["dks"].id,
            letter.id,
        )
    with refused_by_postgresql():
        run("UPDATE sharing_letter SET text = 'x' WHERE id = %s", letter.id)
    assert run(change, letter.id) == 1
    assert run("UPDATE sharing_letter SET withdrawn_at = NULL, withdrawn_by_id = NULL WHERE id = %s", letter.id) == 0


def test_a_letter_is_withdrawn_by_its_page(play: Play, client: Client) -> None:
    letter = a_letter(play)
    client.force_login(play.cast["vink"])
    form = reverse("cases:act-traek-brev", args=[play.case().matter.reference])
    assert form in client.get(address(play, "letter", letter.root)).content.decode()
    asked = client.get(form, {"for": str(letter.root)})
    assert "fortælle modtageren" in asked.content.decode()
    hidden = dict(re.findall(r'name="(token|seen)" value="([^"]*)"', asked.content.decode()))
    assert client.post(form, hidden | {"target": str(letter.root), "reason": ""}).status_code == 422
    assert client.post(form, hidden | {"target": str(letter.root), "reason": "Forkert."}).status_code == 302
    assert form not in client.get(address(play, "letter", letter.root)).content.decode()
    assert client.post(form, hidden | {"target": str(letter.root), "reason": "Forkert."}).status_code in (302, 409, 422)
    assert len(play.ledger("letter.withdrawn")) == 1


# Corrections and withdrawals reach everyone


def counts_of(play: Play, key: str) -> dict[str, int]:
    """How much there is on each tab for this worker."""
    worker, _now = play.become(key)
    case = play.case(key)
    counts = Known(*ask(*asked_of(worker, case))).counts
    return {tab: counts[tab] for tab in ("timeline", "items", "documents", "sharing")}


def notices_of(play: Play, key: str) -> list[str]:
    """What this worker's agency has been told and has not confirmed."""
    worker, _now = play.become(key)
    return [one.kind for one in records_of(worker, play.case(key), Task) if one.is_notice and one.done_at is None]


@pytest.mark.req("B-023")
def test_what_is_corrected_or_withdrawn_reaches_everyone_who_was_told_and_lingers_nowhere(play: Play, client: Client) -> None:
    """Told to two agencies and by letter; corrected; withdrawn from one of them; and the letter withdrawn."""
    play.admit("sof")
    before = counts_of(play, "dks")
    letter = a_letter(play)
    worker, _now = play.become("vink")
    [item] = [one for one in records_of(worker, play.case(), Item) if one.root in letter.records]
    for key in ("dks", "sof"):
        play.disclose(item, to=key)

    noting.correct_item(**play.by(), root=item.root, text="Rettet ordlyd.", reason="Misforstået.")
    assert [notices_of(play, key) for key in ("dks", "sof")] == [[Task.Kind.READ_CORRECTION]] * 2
    worker, _now = play.become("vink")
    waiting = [one for one in records_of(worker, play.case(), Task) if one.concerns == letter.root]
    assert [one.text for one in waiting if "er rettet: fortæl modtageren det" in (one.text or "")], "the letter's recipient"

    with as_owner():
        told = Disclosure.objects.get(record_root=item.root, recipient=play.agency("dks"))
    disclosing.withdraw(**play.by(), disclosure=told.root, reason="Givet ved en fejl.")
    assert notices_of(play, "dks") == [Task.Kind.DISCLOSURE_WITHDRAWN], "and nothing any longer that leads to it"
    assert notices_of(play, "sof") == [Task.Kind.READ_CORRECTION]
    assert counts_of(play, "dks") == before
    assert not play.sees("dks", item) and play.sees("sof", item)
    reference = play.case().matter.reference
    client.force_login(play.cast["dks"])
    for tab in ("case", "timeline", "items", "sharing"):
        play.become("dks")
        page = words_on(client, reverse(f"cases:{tab}", args=[reference]))
        assert "Rettet ordlyd." not in page and "Misforstået." not in page, tab
    play.become("dks")
    assert Item.objects.filter(root=item.root).count() == 0, "no version, by raw SQL either"
    play.become("dks")
    assert client.get(address(play, "statement", told.root)).status_code == 404, "nor why it was told"
    client.force_login(play.cast["vink"])
    play.become("vink")
    assert "Trukket tilbage" in words_on(client, address(play, "statement", told.root)), "that it was told stays recorded"

    withdraw_letter(**play.by(), root=letter.root, reason="Det var forkert.")
    [printed] = words_in(fetched(client, play, "letter-pdf", letter.root))
    assert "gælder ikke længere" in printed
    noting.correct_item(**play.by(), root=item.root, text="Rettet igen.", reason="Præciseret.")
    assert notices_of(play, "dks") == [Task.Kind.DISCLOSURE_WITHDRAWN, Task.Kind.CORRECTED_EARLIER]
    worker, _now = play.become("vink")
    later = [one for one in records_of(worker, play.case(), Task) if one.concerns == letter.root]
    assert len(later) == 2, "a letter that no longer stands is not written again for"
