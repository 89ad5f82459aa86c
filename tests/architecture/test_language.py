"""Danish and English on every page (R-186): what a page says follows its language, and Danish comes first.

`.ci/check_language.py` sees that the source is whole; here pages are rendered. Beside what is written in cases, which nobody
translates, a page has the product's own texts and the strategy pack's, and no such text may stand in the other language.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from babel.messages.catalog import Message
from django.test import Client
from django.urls import resolve, reverse
from django.utils import translation

from forebyg.access.models import Agency, Worker
from forebyg.cli.scenarios.play import Played
from forebyg.strategy.queries import current_pack
from forebyg.strategy.schema import Pack, Text

ROOT = Path(__file__).resolve().parents[2]
COOKIE = "forebyg_sprog"
WITHOUT_CONTENT = {"meta", "link", "input", "br", "img", "hr", "path", "use", "circle", "rect", "line"}
READ_ALOUD = {"alt", "aria-label", "data-title", "placeholder", "title"}
NOT_FILLED_IN = {"csrfmiddlewaretoken", "language", "next", "q", "seen", "target", "token"}
STORED_BY_THE_EXAMPLE = {
    "Forløbets mentor eller coach skal kende borgeren og forløbet.",
    "Den, der driver forløbet, følger det op.",
}
"""Reasons that the system wrote into the case, in Danish: content from then on."""


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    """The check of `make check-language`."""
    sys.path.insert(0, str(ROOT / ".ci"))
    try:
        import check_language
    finally:
        sys.path.remove(str(ROOT / ".ci"))
    module: ModuleType = check_language
    return module


@pytest.fixture(autouse=True)
def _next_in_danish() -> Iterator[None]:
    """A request in English leaves the thread in English; what comes after begins in Danish."""
    yield
    translation.activate("da")


class Reading(HTMLParser):
    """What a page says in its own language: pieces of text, and what is read aloud in their stead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.language = ""
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        if tag not in WITHOUT_CONTENT:
            self._open.append((tag, given.get("lang") or (self._open[-1][1] if self._open else self.language)))
        self.said += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and self._open and self._open[-1][0] not in ("script", "style") and self._open[-1][1] == self.language:
            self.said.append(text)


def signed_in(worker: Worker, language: str) -> Client:
    client = Client()
    client.force_login(worker)
    client.cookies[COOKIE] = language
    return client


def pages_reached_by_links(client: Client, start: str = "/") -> dict[str, str]:
    """One page of each kind that links lead to, by address."""
    seen, to_see, pages = set(), [start], {}
    while to_see:
        address = to_see.pop(0)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        if answer.streaming:
            assert b"".join(answer.streaming_content), "a file, which has no language"
            continue
        if "attachment" in answer.get("Content-Disposition", ""):
            continue  # a file; in which language it is, its own test asks
        pages[address] = answer.content.decode()
        for link in re.findall(r'href="(/(?!static/)[^"]*)"', pages[address]):
            kind = resolve(urlsplit(link).path).view_name
            if kind not in seen:
                seen.add(kind)
                to_see.append(html.unescape(link))
    return pages


def texts_of(pack: Pack) -> set[str]:
    """The pack's Danish texts that differ in English; not its example case, whose words the demo writes into a case."""

    def walk(value: object) -> set[str]:
        if isinstance(value, Text):
            return {value.da} if value.da != value.en else set()
        if hasattr(type(value), "model_fields"):
            fields = [name for name in type(value).model_fields if name != "example_cases"]
            return set().union(*(walk(getattr(value, name)) for name in fields))
        return set().union(*(walk(one) for one in value)) if isinstance(value, tuple | list) else set()

    return walk(pack)


def test_danish_comes_first(client: Client, db: None) -> None:
    assert Reading(client.get(reverse("account_login")).content.decode()).language == "da"
    from_abroad = client.get(reverse("account_login"), headers={"accept-language": "de, fr;q=0.8"})
    assert Reading(from_abroad.content.decode()).language == "da"


def test_the_language_is_chosen_on_every_page_and_kept(client: Client, cast: dict[str, Worker]) -> None:
    client.force_login(cast["vink"])
    page = client.get(reverse("strategy:goals")).content.decode()
    assert re.search(r'<button[^>]*name="language" value="en" lang="en">English</button>', page)
    chosen = client.post(reverse("language"), {"language": "en", "next": reverse("strategy:goals")}, follow=True)
    assert Reading(chosen.content.decode()).language == "en"
    assert Reading(client.get(reverse("cases:inbox")).content.decode()).language == "en"


@pytest.mark.req(
    "R-186", part="the strategy and a worker's pages without a case; letters and published pages are not there yet"
)
@pytest.mark.parametrize("key", ["vink", "sekretariat", "politiker"])
def test_without_a_case_an_english_page_is_english_and_a_danish_one_danish(
    key: str, cast: dict[str, Worker], checker: ModuleType
) -> None:
    names = {worker.name for worker in cast.values()} | set(Agency.objects.values_list("name", flat=True))
    names |= {worker.unit.name for worker in cast.values()} | {"ØKF"}
    a_name = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    for language, other in (("en", checker.DANISH), ("da", checker.ENGLISH)):
        pages = pages_reached_by_links(signed_in(cast[key], language))
        assert len(pages) > 3
        for address, page in pages.items():
            reading = Reading(page)
            assert reading.language == language, address
            said = [checker.DANISH_IN_ENGLISH.sub("", a_name.sub("", text)) for text in reading.said]
            assert [text for text in said if other.search(text)] == [], address


@pytest.fixture(scope="module")
def pages_of_vink(example: Played) -> dict[str, dict[str, str]]:
    """Each kind of page that VINK's worker reaches by links, by language and address."""
    return {language: pages_reached_by_links(signed_in(_worker("vink"), language)) for language in ("en", "da")}


def _worker(key: str) -> Worker:
    return Worker.objects.get(email=f"{key}@forebyg.example")


@pytest.fixture(scope="module")
def not_in_english(example: Played, checker: ModuleType) -> set[str]:
    """The product's Danish texts without places to fill, and the pack's, where the English differs."""
    path = next(checker.catalogues.catalogues())
    rows = [row for row in checker.catalogues.read(path) if row.id and not checker.PLACEHOLDER.search(str(row.id))]
    own = {row.id for row in rows if isinstance(row.id, str) and row.id != row.string}
    names = set(Agency.objects.values_list("name", flat=True))
    return (own | texts_of(current_pack("copenhagen-2016"))) - STORED_BY_THE_EXAMPLE - names


def _in_the_wrong_language(page: str, language: str, not_in_english: set[str], checker: ModuleType) -> list[str]:
    said = Reading(page).said
    return [text for text in said if (text in not_in_english if language == "en" else checker.ENGLISH.search(text))]


@pytest.mark.req("R-186", part="all but the content of a case and its forms; letters and published pages are not there yet")
@pytest.mark.parametrize("language", ["da", "en"])
def test_on_the_pages_of_a_case_all_but_its_content_follows_the_language(
    language: str, pages_of_vink: dict[str, dict[str, str]], not_in_english: set[str], checker: ModuleType
) -> None:
    pages = pages_of_vink[language]
    assert len(pages) > 30
    for address, page in pages.items():
        assert Reading(page).language == language, address
        assert _in_the_wrong_language(page, language, not_in_english, checker) == [], address


@pytest.mark.parametrize("slug", ["oplysning", "moede", "tilbud", "videregiv", "person"])
@pytest.mark.parametrize(("language", "of_django"), [("da", "Dette felt er påkrævet."), ("en", "This field is required.")])
def test_what_a_form_objects_to_is_said_in_the_language_of_the_page(
    slug: str,
    language: str,
    of_django: str,
    pages_of_vink: dict[str, dict[str, str]],
    not_in_english: set[str],
    checker: ModuleType,
) -> None:
    client = signed_in(_worker("vink"), language)
    address, page = next(
        (address, page)
        for address, page in pages_of_vink[language].items()
        if urlsplit(address).path.endswith(f"/goer/{slug}/")
    )
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="(\w+)"', page)) - NOT_FILLED_IN
    for sent in ({}, dict.fromkeys(fields, "¤")):
        answer = client.post(address, sent)
        assert answer.status_code == 422, sent
        answered = answer.content.decode()
        assert sent or of_django in Reading(answered).said
        assert _in_the_wrong_language(answered, language, not_in_english, checker) == []


def test_passwords_are_refused_in_the_language_of_the_page(cast: dict[str, Worker], checker: ModuleType) -> None:
    for language, other in (("da", checker.ENGLISH), ("en", re.compile("[æøå]"))):
        page = signed_in(cast["politiker"], language).post(
            reverse("account_change_password"), {"password1": "a", "password2": "b"}
        )
        errors = re.findall(r'class="form-error-message"[^>]*>(.*?)<', page.content.decode())
        assert errors
        assert [error for error in errors if other.search(error)] == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Message("Gem", ""), "not translated"),
        (Message("Gem", "Save", flags=["fuzzy"]), "fuzzy"),
        (Message("Gem", "Gem"), "repeats"),
        (Message("Trin %(n)d", "Step %(number)d"), "placeholders"),
        (Message("Trin {n}", "Step"), "placeholders"),
        (Message(("%(n)d sag", "%(n)d sager"), ("%(n)d case", "")), "not translated"),
        (Message("Gem.", "Save"), "ends otherwise"),
        (Message("Åben sag", "Open sag"), "Danish in the translation"),
    ],
)
def test_a_faulty_translation_is_found(row: Message, fault: str, checker: ModuleType) -> None:
    assert any(fault in found for found in checker.faults_of_row(row))


def test_a_text_that_is_not_marked_is_found(tmp_path: Path, checker: ModuleType) -> None:
    template = tmp_path / "a.html"
    template.write_text(
        '<p>{{ _("Gem") }} – Forebyg</p>{% trans %}Alt er vel{% endtrans %}<{{ tag }} class="a b">{# en note #}</{{ tag }}>'
        '<p title="{{ x }}">Glemt</p><img alt="Billede">'
    )
    assert [line.split("'")[1] for line in checker.faults_of_template(template)] == ["Glemt", "Billede"]
    module = tmp_path / "a.py"
    module.write_text(
        '"""Ikke på skærmen."""\nA = _("Gem på ny")\nB = "Glemt på ny"\nC = _(f"Sag {A}")\nD = "Det er ikke mærket"\n'
    )
    assert len(list(checker.faults_of_python(module))) == 3


def test_what_a_package_would_translate_is_found(checker: ModuleType) -> None:
    texts = checker.Catalog()
    texts.add("Monday", locations=[("cases/page.py", 1)])
    texts.add("Please wait", locations=[("cases/page.py", 2)])
    found = list(checker.faults_of_sources(texts))
    assert ["mandag" in found[0], "English" in found[1], len(found)] == [True, True, 2]


def test_plurals_and_places_to_fill_reach_the_page() -> None:
    with translation.override("en"):
        assert translation.ngettext("%(n)d dag", "%(n)d dage", 1) % {"n": 1} == "1 day"
        assert translation.ngettext("%(n)d dag", "%(n)d dage", 2) % {"n": 2} == "2 days"
    with translation.override("da"):
        assert translation.ngettext("%(n)d dag", "%(n)d dage", 2) % {"n": 2} == "2 dage"
