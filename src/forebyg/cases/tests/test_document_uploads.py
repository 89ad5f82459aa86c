"""Documents come in by the page, are shown and fetched by those who may, and by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.cases.models import Document
from forebyg.cases.queries import records_of
from forebyg.cases.tests.files import a_pdf
from forebyg.cases.tests.test_case_page import Family, words
from forebyg.core.ids import new_id
from forebyg.store.chunks import FOLDER
from forebyg.store.sealed import key_store


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own for the files; the key store is the run's."""
    key_store()
    monkeypatch.setattr(settings, "FOREBYG", settings.FOREBYG.model_copy(update={"data_folder": tmp_path}))
    return tmp_path / FOLDER


@pytest.fixture
def family(cast: dict[str, Worker]) -> Family:
    return Family(cast)


def kept(folder: Path) -> list[Path]:
    """All files there are, whole or not."""
    return [path for path in folder.rglob("*") if path.is_file()]


def send(client: Client, family: Family, key: str = "vink", **values: object) -> HttpResponse:
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


def test_a_file_is_uploaded_listed_looked_at_and_fetched(client: Client, family: Family, folder: Path) -> None:
    answer = send(client, family)
    assert answer.status_code == 302, words(answer.content.decode())
    worker, _ = family.become("vink")
    (document,) = records_of(worker, family.case(), Document)
    assert (document.name, document.kind, document.pages) == ("Referat af møde.pdf", "pdf", 2)
    assert [path.name for path in kept(folder)] == [str(document.content)]
    family.become("vink")
    listed = words(client.get(answer["Location"]).content.decode())
    assert "Referat af møde.pdf" in listed
    where = [family.reference, document.root]
    family.become("vink")
    page = client.get(reverse("cases:document", args=where))
    assert page.status_code == 200
    shown = client.get(reverse("cases:document-preview", args=[*where, 2]))
    assert shown["Content-Type"] == "image/png"
    assert shown.content.startswith(b"\x89PNG")
    fetched = client.get(reverse("cases:document-download", args=where))
    assert b"".join(fetched.streaming_content) == a_pdf("Side et", "Side to")
