"""Every address asked by every column of the hand-written permission matrix, on the example case as it was truly committed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.architecture import permission_matrix as matrix
from tests.database import superuser

from forebyg.access.models import Grant, Worker
from forebyg.audit.models import Event
from forebyg.audit.sealer import Sealer
from forebyg.cases.acts import ACTS
from forebyg.cases.models import Agreement, Alarm, Case, Clock, Decision, Disclosure, Item, Task
from forebyg.cli.scenarios.play import Played
from forebyg.people.models import Consent

REFERENCE = "{reference}"


def every_address() -> Iterator[str]:
    """The names of all addresses, with their namespaces."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from walk(pattern.url_patterns, inner)
            else:
                yield f"{prefix}{pattern.name}"

    yield from walk(get_resolver().url_patterns, "")


def test_every_address_has_its_row() -> None:
    expected = set(matrix.rows(matrix.READING)) | set(matrix.rows(matrix.POSTING))
    expected |= {f"cases:{kind}-{slug}" for slug in matrix.rows(matrix.FORMS) for kind in ("act", "draft")}
    assert set(every_address()) == expected


def test_every_form_has_its_row() -> None:
    assert set(matrix.rows(matrix.FORMS)) == set(ACTS)


@pytest.fixture(autouse=True)
def sealed(example: Played) -> None:
    """No sealer runs beside the tests, and an event that waits for long makes us not ready."""
    with superuser(connection.settings_dict["NAME"]) as sealing:
        sealing.execute("SET SESSION AUTHORIZATION forebyg_sealer")
        Sealer(sealing, Ed25519PrivateKey.generate()).seal()


@pytest.fixture(scope="module")
def clients(example: Played) -> dict[str, Client]:
    """A signed-in client for each column."""
    signed_in = {}
    for column, key in matrix.WORKERS.items():
        signed_in[column] = Client()
        signed_in[column].force_login(Worker.objects.get(email=f"{key}@forebyg.example"))
    return signed_in


@pytest.fixture(scope="module")
def rows_in_case(example: Played) -> dict[str, uuid.UUID]:
    """A record of VINK's that each form on a row could be about, found with the owner's eyes."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_owner")
        item = Item.objects.filter(owner__name="VINK").values_list("root", flat=True)[0]
        found = {
            "afslut-alarm": Alarm.objects.values_list("root", flat=True)[0],
            "indskaerpelse-svar": Decision.objects.filter(kind="notice").values_list("root", flat=True)[0],
            "opgave-udfoert": Task.objects.values_list("root", flat=True)[0],
            "frist": Clock.objects.values_list("root", flat=True)[0],
            "traek-tilbage": Disclosure.objects.values_list("root", flat=True)[0],
            "tvivl-afklaret": uuid.uuid4(),
            "laest": Task.objects.values_list("root", flat=True)[0],
            **{slug: uuid.uuid4() for slug in ("besvar", "afslaa", "traek-anmodning", "fortael", "referat", "ret-referat")},
            "luk-adgang": Grant.objects.values_list("id", flat=True)[0],
            "ret": item,
            "uddrag": item,
            "forkert-person": item,
            "forkert-sag": item,
            **dict.fromkeys(("ret-dokument", "dokument-forkert-sag"), example.report),
            "traek-brev": uuid.uuid4(),
            "ret-person": example.persons["soen"],
            "svar": example.offers["soen"],
            "samtykke": example.persons["soen"],
            "orientering": example.persons["soen"],
            "aftale": example.persons["soen"],
            "aftale-holdt": Agreement.objects.values_list("root", flat=True)[0],
            **dict.fromkeys(("samme-person", "samme-person-svar", "samme-person-fortryd"), example.persons["soen"]),
            "samtykke-traek": Consent.objects.filter(owner__name="VINK").values_list("root", flat=True)[0],
            "begynd-forloeb": example.offers["soen"],
            "forloeb": example.courses["soen"],
            "log": example.courses["soen"],
        }
        cursor.execute("SET SESSION AUTHORIZATION forebyg_web")
    return found


@pytest.fixture(scope="module")
def reference(example: Played) -> str:
    """The example case's reference."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_owner")
        found = Case.objects.select_related("matter").get(id=example.case_id).matter.reference
        cursor.execute("SET SESSION AUTHORIZATION forebyg_web")
    return found


_OF_NOBODY: dict[str, list[object]] = {
    "first-use-link": ["no-such-token"],
    "mfa_edit_webauthn": [1],
    "mfa_remove_webauthn": [1],
    "end-session": [1],
    **{f"oversight:{name}": [uuid.uuid4()] for name in ("reason", "opening", "close-opening", "close-own")},
    "cases:cpr": ["2016-9999", uuid.uuid4()],
    "cases:drop-view": [uuid.uuid4()],
    **{f"accounts:{deed}": [uuid.uuid4()] for deed in ("renew", "roles", "suspend", "reactivate")},
    **{f"agencies:{deed}": [uuid.uuid4()] for deed in ("one", "propose", "decide", "withdraw")},
}
"""What an address is about that is no case: nothing that there is."""


def _grant_of_vink() -> uuid.UUID:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_owner")
        found: uuid.UUID = Grant.objects.filter(worker__email="vink@forebyg.example").values_list("id", flat=True)[0]
        cursor.execute("SET SESSION AUTHORIZATION forebyg_web")
    return found


def _disclosure_of_sof_to_vink() -> uuid.UUID:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_owner")
        told = Disclosure.objects.filter(owner__name="Socialforvaltningen", recipient__name="VINK")
        found: uuid.UUID = told.values_list("root", flat=True)[0]
        cursor.execute("SET SESSION AUTHORIZATION forebyg_web")
    return found


def _address(name: str, reference: str, example: Played) -> str:
    arguments: dict[str, list[object]] = {
        **_OF_NOBODY,
        "strategy:intervention": ["mentorstoette"],
        "cases:person": [reference, example.persons["soen"]],
        "cases:consent-letter": [reference, example.persons["soen"]],
        "cases:document": [reference, example.report],
        "cases:document-download": [reference, example.report],
        "cases:document-version": [reference, example.report, 1],
        "cases:document-preview": [reference, example.report, 1],
        "oversight:matter": [reference],
        "requests:requests": [reference],
        "sharing:statement": [reference, _disclosure_of_sof_to_vink()],
        "meetings:meetings": [reference],
        "meetings:item": [reference, uuid.uuid4()],
        "meetings:minutes": [reference, uuid.uuid4()],
        "sharing:agreed": [reference, example.persons["soen"]],
        "sharing:about": [reference, example.persons["soen"]],
        "sharing:statement-pdf": [reference, _disclosure_of_sof_to_vink()],
        **{name: [reference, uuid.uuid4()] for name in ("sharing:letter", "sharing:letter-pdf")},
        "sharing:provision": ["dk-2026", "same-controller"],
        "sharing:doubt": ["bif-in-forums"],
    }
    if name == "oversight:review":
        return reverse(name, args=[_grant_of_vink()])
    if name in arguments:
        return reverse(name, args=arguments[name])
    is_of_a_case = name.startswith("cases:") and name not in OF_NO_CASE
    return reverse(name, args=[reference] if is_of_a_case else [])


OF_NO_CASE = {f"cases:{name}" for name in ("inbox", "board", "breaches", "digest", "list", "save-view", "search")}


def _status(answer: HttpResponse) -> int:
    """What was answered, when all of it has been sent."""
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code


@pytest.mark.req("R-216", "R-210")
@pytest.mark.parametrize("column", matrix.COLUMNS)
def test_reading(column: str, clients: dict[str, Client], reference: str, example: Played) -> None:
    answers = {name: _status(clients[column].get(_address(name, reference, example))) for name in matrix.rows(matrix.READING)}
    assert answers == {name: row[column] for name, row in matrix.rows(matrix.READING).items()}


@pytest.mark.req("R-216")
@pytest.mark.parametrize("column", matrix.COLUMNS)
def test_forms(
    column: str, clients: dict[str, Client], reference: str, example: Played, rows_in_case: dict[str, uuid.UUID]
) -> None:
    answers = {}
    for slug, act in ACTS.items():
        target = rows_in_case.get(slug) or (rows_in_case["frist"] if slug.startswith("frist-") else None)
        query = {"for": str(target)} if act.on_row and target else {}
        if slug == "procedure":
            query = {"procedure": "sagstype-boern", "point": "1"}
        answers[slug] = clients[column].get(reverse(f"cases:act-{slug}", args=[reference]), query).status_code
    assert answers == {slug: row[column] for slug, row in matrix.rows(matrix.FORMS).items()}


@pytest.mark.parametrize("column", matrix.COLUMNS)
def test_drafts_are_kept_for_whom_the_form_is_and_nobody_else(column: str, clients: dict[str, Client], reference: str) -> None:
    for slug, row in matrix.rows(matrix.FORMS).items():
        answer = clients[column].post(reverse(f"cases:draft-{slug}", args=[reference]), {"text": "x"})
        assert answer.status_code == (
            row[column] if row[column] in (403, 404) and not ACTS[slug].on_row else answer.status_code
        )
        assert answer.status_code in (204, 403, 404), slug


@pytest.mark.parametrize("column", matrix.COLUMNS)
def test_posting(column: str, example: Played) -> None:
    expected = matrix.rows(matrix.POSTING)
    for name, row in expected.items():
        client = Client()
        key = matrix.WORKERS[column]
        client.force_login(Worker.objects.get(email=f"{key}@forebyg.example"))
        assert client.post(reverse(name, args=_OF_NOBODY.get(name))).status_code == row[column], name


def test_someone_signed_out_is_sent_to_sign_in(example: Played, reference: str) -> None:
    client = Client()
    for name in matrix.rows(matrix.READING):
        answer = client.get(_address(name, reference, example))
        if name in matrix.PUBLIC:
            assert answer.status_code == matrix.PUBLIC[name], name
        else:
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("account_login")), name
    for slug in ACTS:
        assert client.get(reverse(f"cases:act-{slug}", args=[reference])).status_code == 302
        assert client.post(reverse(f"cases:act-{slug}", args=[reference])).status_code == 302


SHOWS_NO_CASE = ("cases:board", "cases:breaches", "cases:digest", "cases:save-view")
"""What VINK does not see, and what shows no case."""


@pytest.mark.req(
    "R-217", part='every page that shows a case leaves an event; the sealed ledger comes with "The house is sound"'
)
@pytest.mark.parametrize(
    "name", [name for name in matrix.rows(matrix.READING) if name.startswith("cases:") and name not in SHOWS_NO_CASE]
)
def test_whoever_reads_leaves_an_event(name: str, clients: dict[str, Client], reference: str, example: Played) -> None:
    before = _events()
    assert _status(clients["vink"].get(_address(name, reference, example))) == 200
    assert _events() == before + 1


def _events() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION forebyg_owner")
        number = Event.objects.exclude(matter_ids=[]).count()
        cursor.execute("SET SESSION AUTHORIZATION forebyg_web")
    return number
