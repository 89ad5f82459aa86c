"""Everything that shows or gives out information about somebody says what it may be used for: on screen, in print, and in each file.

Every address stands in one of the tables below, by hand, and one that stands in none fails: whoever adds a page, an export or an
address for machines decides here what it says of its purpose.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from conftest import as_owner
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.architecture import permission_matrix as matrix

from forebyg.access.models import Worker
from forebyg.audit.models import Event
from forebyg.cases.actions import documents, noting
from forebyg.cases.finding import NotLawful, Terms
from forebyg.cases.models import Disclosure, Document, Item
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_finding, an_item, refused
from forebyg.cases.tests.files import a_pdf, incoming
from forebyg.law.words import PURPOSES
from forebyg.sharing.actions import tell, write_letter
from forebyg.sharing.models import Letter
from forebyg.store.sealed import key_store
from forebyg.ui.paper import Sheet

SHOWS_NOBODY = """
front health-live health-ready language session end-session
account account_login account_logout account_change_password account_reauthenticate first-use first-use-link usersessions_list
mfa_index mfa_authenticate mfa_login_webauthn mfa_reauthenticate mfa_reauthenticate_webauthn mfa_activate_totp mfa_deactivate_totp
mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn mfa_view_recovery_codes mfa_generate_recovery_codes
accounts:list accounts:new accounts:renew accounts:roles accounts:suspend accounts:reactivate
agencies:list agencies:one agencies:propose agencies:decide agencies:withdraw
cases:breaches cases:digest cases:save-view cases:drop-view
strategy:interventions strategy:intervention strategy:goals
sharing:law sharing:try sharing:provision sharing:doubt
oversight:break-glass oversight:close-opening oversight:close-own oversight:opening
intake:new intake:draft
meetings:item meetings:minutes sharing:agreed
"""
"""Own accounts, the strategy, the law, numbers, and forms that are empty. `oversight:opening`, `meetings:…` and `sharing:agreed` are
asked in tests of their own rooms."""

OF_CASES = """
cases:inbox cases:board cases:list cases:search requests:inbox
cases:case cases:people cases:person cases:cpr cases:timeline cases:tasks cases:assessments cases:items cases:document cases:measures
cases:plan cases:sharing requests:requests meetings:meetings
"""
OF_THE_LOG = """
oversight:overview oversight:log oversight:matter oversight:accesses oversight:review oversight:openings oversight:reason
"""
SHEETS = "sharing:statement sharing:letter"
FOR_CITIZENS = "cases:consent-letter sharing:about"
PDFS = "sharing:statement-pdf sharing:letter-pdf"
AS_THEY_CAME = "cases:document-download cases:document-version cases:document-preview"
"""A file is given out byte for byte: its mark is in its name. The picture of a page stands on the page of the document."""
TABLES = "oversight:export"

IN_CASES = "Må kun bruges til det formål, det er givet til."
FOR_OVERSIGHT = "tilsyn med, hvem der har set og gjort hvad"
MARK = "Ikke til efterforskning"
FOR_PREVENTION = "Må kun bruges til dette formål: forebygge kriminalitet."


def test_every_address_stands_in_one_table() -> None:
    tables = (SHOWS_NOBODY, OF_CASES, OF_THE_LOG, SHEETS, FOR_CITIZENS, PDFS, AS_THEY_CAME, TABLES)
    listed = [name for table in tables for name in table.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(matrix.rows(matrix.READING)) | set(matrix.rows(matrix.POSTING))


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of its own for the files; the key store is the run's."""
    key_store()
    monkeypatch.setattr(settings, "FOREBYG", settings.FOREBYG.model_copy(update={"data_folder": tmp_path}))


class Shared(Play):
    """VINK has told DKS an item and a document of the SSP cooperation, and written a letter to the father."""

    item: Item
    document: Document
    letter: Letter

    @property
    def reference(self) -> str:
        """The reference of the matter."""
        return self.case().matter.reference

    def share(self) -> None:
        """Do all that."""
        self.admit("dks")
        about = [self.person("son")]
        acting = self.by()
        self.item = noting.write_item(**acting, item=an_item(forum="ssp"), about=about, happened_at=acting["now"])
        acting = self.by()
        self.document = documents.add_document(
            **acting,
            incoming=incoming(a_pdf("Side"), "Referat.pdf"),
            about=about,
            text="",
            forum="ssp",
            happened_at=acting["now"],
        )
        self.disclose(self.item, self.document, *self.people.values(), to="dks")
        acting = self.by()
        own = noting.write_item(**acting, item=an_item(), about=about, happened_at=acting["now"])
        self.letter = write_letter(
            **self.by(),
            about=about[0],
            to_person=self.person("father"),
            to_kind="parent",
            records=[("cases_item", own.root)],
            terms=Terms(),
            text="Kære modtager.",
            necessity="Faren har spurgt.",
        )

    def told(self) -> Disclosure:
        """That DKS was told the item."""
        with as_owner():
            return Disclosure.objects.get(record_root=self.item.root)


@pytest.fixture
def shared(cast: dict[str, Worker]) -> Shared:
    shared = Shared(cast)
    shared.to(Step.RECEIVED)
    shared.share()
    return shared


@pytest.fixture
def look(shared: Shared, client: Client) -> Callable[..., HttpResponse]:
    """What a worker is answered at an address."""

    def answer(key: str, name: str, *arguments: object, post: dict[str, object] | None = None) -> HttpResponse:
        address = reverse(name, args=arguments)
        client.force_login(shared.cast[key])
        shared.become(key)
        found = client.get(address) if post is None else client.post(address, post)
        assert found.status_code == 200, (key, name, found.status_code)
        if found.streaming:
            assert b"".join(found.streaming_content)
        return found

    return answer


def words_of(answer: HttpResponse) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def purpose_of(answer: HttpResponse) -> str:
    """The line that says what the page may be used for; it is printed with the page."""
    [line] = re.findall(r'<p class="([^"]*)" data-purpose>([^<]*)</p>', answer.content.decode())
    assert "d-print-none" not in line[0]
    return str(line[1])


def text_of_pdf(pdf: bytes) -> str:
    """The text of all pages."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in opened))


def _arguments(shared: Shared, name: str) -> list[object]:
    if name.startswith(("cases:inbox", "cases:board", "cases:list", "cases:search", "requests:inbox")):
        return []
    of: dict[str, list[object]] = {
        "cases:person": [shared.person("son")],
        "cases:cpr": [shared.person("son")],
        **{name: [shared.person("son")] for name in FOR_CITIZENS.split()},
        "cases:document": [shared.document.root],
        "cases:document-download": [shared.document.root],
        "cases:document-version": [shared.document.root, 1],
        "cases:document-preview": [shared.document.root, 1],
        "sharing:statement": [shared.told().root],
        "sharing:statement-pdf": [shared.told().root],
        "sharing:letter": [shared.letter.root],
        "sharing:letter-pdf": [shared.letter.root],
    }
    return [shared.reference, *of.get(name, [])]


@pytest.mark.req("R-215")
@pytest.mark.req("B-022", part="on screen, on paper and in files; there is no API yet")
def test_everything_that_shows_or_gives_out_information_says_what_it_may_be_used_for(
    shared: Shared, look: Callable[..., HttpResponse]
) -> None:
    """All tables in turn: what is read on screen, what is printed, and what is fetched as a file."""
    posts: dict[str, dict[str, object]] = {"cases:search": {"q": "1999-0001"}, "cases:cpr": {}, "oversight:reason": {}}
    for name in OF_CASES.split():
        keys = ("sekretariat",) if name == "cases:board" else ("vink", "dks")
        for key in keys:
            answer = look(key, name, *_arguments(shared, name), post=posts.get(name))
            assert purpose_of(answer).startswith(IN_CASES), (key, name)
    table = look("dpo", "oversight:export", post={"reason": "Tilsyn."})
    heading, *lines = csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";")
    assert lines and all(FOR_OVERSIGHT in line[heading.index("Må bruges til")] for line in lines)
    for name in OF_THE_LOG.split():
        assert FOR_OVERSIGHT in purpose_of(look("dpo", name, *_of_the_log(shared, name), post=posts.get(name))), name

    for name in ("cases:items", "cases:timeline", "cases:document"):
        said = words_of(look("dks", name, *_arguments(shared, name)))
        assert MARK in said and "kun til: forebygge kriminalitet" in said, name
        assert MARK in words_of(look("vink", name, *_arguments(shared, name))), name

    for name in SHEETS.split():
        answer = look("vink", name, *_arguments(shared, name))
        assert FOR_PREVENTION in purpose_of(answer), name
        assert (MARK in words_of(answer)) == (name == "sharing:statement")
    for name in FOR_CITIZENS.split():
        assert "ikke brugt i en efterforskning" in purpose_of(look("vink", name, *_arguments(shared, name))), name
    for name in PDFS.split():
        printed = text_of_pdf(look("vink", name, *_arguments(shared, name)).content)
        assert printed.count(FOR_PREVENTION) >= 2, "at the foot of each page and at the end"
        assert (MARK in printed) == (name == "sharing:statement-pdf")

    for name in AS_THEY_CAME.split():
        for key in ("vink", "dks"):
            answer = look(key, name, *_arguments(shared, name))
            if name == "cases:document-preview":
                assert "Content-Disposition" not in answer, "it is part of a page that says it"
            else:
                assert MARK in answer["Content-Disposition"], (key, name)


def _of_the_log(shared: Shared, name: str) -> list[object]:
    if name == "oversight:review":
        return [shared.grant("vink-kollega").id]
    if name == "oversight:reason":
        with as_owner():
            return [Event.objects.get(action="oversight.log-exported").id]
    return [shared.reference] if name == "oversight:matter" else []


def test_a_sheet_without_a_purpose_cannot_be_made(shared: Shared) -> None:
    with pytest.raises(ValueError, match="may be used for"):
        Sheet(title="Brev", sender="VINK", purpose=" ", made_at=shared.now, parts=())


@pytest.mark.req("R-081", "R-088")
def test_private_information_is_told_for_crime_prevention_only_and_says_so(
    shared: Shared, look: Callable[..., HttpResponse]
) -> None:
    """The law's gate, the door, PostgreSQL, and what the recipient reads."""
    for forum in ("ssp", "psp", "ksp"):
        by_purpose = {purpose: a_finding(forum, purpose=purpose) for purpose in PURPOSES}
        lawful = {purpose for purpose, finding in by_purpose.items() if finding.is_allowed}
        # PSP also serves the effort for socially exposed persons (section 115(1)(2)).
        assert lawful == ({"crime-prevention", "support"} if forum == "psp" else {"crime-prevention"}), forum
        assert [(basis.provision, basis.citation.da) for basis in by_purpose["crime-prevention"].bases] == [
            ("rpl-115-2", "retsplejelovens § 115, stk. 2")
        ], "without any consent"
        assert all("not-for-investigation" in by_purpose[one].marks for one in lawful)
    acting = shared.by()
    about = [shared.person("son")]
    item = noting.write_item(**acting, item=an_item(), about=about, happened_at=acting["now"])
    given: dict[str, Any] = {
        "records": [("cases_item", item.root)],
        "to_agency": shared.agency("dks"),
        "necessity": "DKS arbejder med familien.",
    }
    for purpose in set(PURPOSES) - {"crime-prevention"}:
        with refused(NotLawful):
            tell(**shared.by(), **given, terms=Terms(forum="ssp", purpose=purpose, categories=("private",)))
    assert not shared.sees("dks", item)
    tell(**shared.by(), **given, terms=Terms(forum="ssp", categories=("private",)))
    with as_owner():
        [told] = Disclosure.objects.filter(record_root=item.root)
    assert (told.finding["purpose"], MARK in words_of(look("dks", "cases:items", shared.reference))) == (
        "crime-prevention",
        True,
    )
    assert "kun til: forebygge kriminalitet" in words_of(look("dks", "cases:items", shared.reference))
    assert FOR_PREVENTION in words_of(look("dks", "sharing:statement", shared.reference, told.root))


def test_nobody_is_told_for_an_investigation_by_raw_sql_either(shared: Shared) -> None:
    told = shared.told()
    shared.become("vink")
    finding = told.finding | {"purpose": "investigation"}
    other = {"record_table": told.record_table, "record_root": shared.letter.records[0], "recipient_id": told.recipient_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure(
            matter_id=told.matter_id,
            owner_id=told.owner_id,
            author_id=shared.cast["vink"].id,
            about=told.about,
            happened_at=shared.now,
            recorded_at=shared.now,
            finding=finding,
            necessity="Nej.",
            **other,
        ).save(force_insert=True)
