"""Someone who opens every page that links lead to, and types about a person into every form on it, rightly and wrongly."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from tests.leaks.words import ADDRESS, CPR, NAME, PHONE, TYPED

DEMO_PASSWORD = "forebyg-demo-2016"
_ADDRESSES = ("href", "action", "src", "formaction", "data-draft-url", "hx-get", "hx-post", "content")

_ASKED_FOR = ("q", "for", "next", "efter", "foer", "trin", "frist", "leder", "type", "vis")


@dataclass
class Field:
    """An input: its kind (`text` takes many words, `word` a few), and what stands in it or its first choice."""

    name: str
    kind: str
    value: str

    @property
    def as_meant(self) -> str:
        """What belongs here: about a person wherever words are taken."""
        if "cpr" in self.name:
            return CPR
        if "contact" in self.name:
            return PHONE
        return {"text": TYPED, "word": NAME, "email": ADDRESS}.get(self.kind, self.value)

    @property
    def file(self) -> SimpleUploadedFile:
        """A file that tells of a person by its name and its content."""
        return SimpleUploadedFile(f"{NAME}.txt", f"{TYPED} {CPR}".encode())


@dataclass
class Form:
    """A form that is posted."""

    action: str
    draft_url: str | None
    fields: list[Field] = field(default_factory=list)

    def as_meant(self) -> dict[str, list[Any]]:
        """The first choice everywhere, and about a person wherever text is taken."""
        filled: dict[str, list[Any]] = {}
        for one in self.fields:
            if one.kind == "file":
                filled[one.name] = [one.file]
            elif one.as_meant and filled.get(one.name, [""]) == [""]:
                filled[one.name] = [one.as_meant]
        return filled

    def all_wrong(self) -> dict[str, list[str]]:
        """About a person in every field, also where a choice or a date is asked for. Where to go on is the browser's own."""
        return {one.name: [TYPED] for one in self.fields if one.name != "next"}


class Page(HTMLParser):
    """A page's links, forms, addresses and title."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.visible_to_others: list[str] = []
        """What browsers keep and pass on: addresses and the title."""
        self._form: Form | None = None
        self._select: Field | None = None
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.visible_to_others += [given[name] for name in _ADDRESSES if name in given]
        self._in_title = tag == "title"
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action") or self.address, given.get("data-draft-url"))
            if given.get("method") == "post":
                self.forms.append(self._form)
        elif tag in ("input", "textarea") and given.get("name"):
            self._take(given, given.get("type", "text") if tag == "input" else "text")
        elif tag == "select" and given.get("name"):
            self._select = self._take(given, "select")
        elif tag == "option" and self._select is not None and not self._select.value:
            self._select.value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.visible_to_others.append(data)

    def _take(self, given: dict[str, str], kind: str) -> Field:
        kind = "word" if kind in ("search", "tel", "password") or (kind == "text" and "type" in given) else kind
        taken = Field(given["name"], kind, given.get("value", "") or {"date": "1999-12-31", "number": "1"}.get(kind, ""))
        if self._form is not None and taken.name != "csrfmiddlewaretoken":
            self._form.fields.append(taken)
        return taken


@dataclass
class Typist:
    """Goes through the site. `undone` wraps each sending: its changes are looked at and taken back."""

    undone: Callable[[], AbstractContextManager[None]]
    form_pages: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    sent: set[tuple[str, str]] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    passed_on: list[tuple[str, str]] = field(default_factory=list)
    """Where, and what stood there: addresses, titles and headers of every answer."""
    bodies_with_words: int = 0
    files_fetched: int = 0
    """Files that hold the words, sent to the one who asked."""

    def sit_down(self, key: str) -> Client:
        """Sign in by the form, as a worker of the demo, and confirm it, which opens what is more sensitive."""
        client = Client()
        client.raise_request_exception = False
        answer = client.post(reverse("account_login"), {"login": f"{key}@forebyg.example", "password": DEMO_PASSWORD})
        assert answer.status_code == 302, answer.status_code
        client.post(reverse("account_reauthenticate"), {"password": DEMO_PASSWORD})
        return client

    def go_through(self, client: Client, begin_at: str = "/") -> None:
        """Open every page that links lead to from here, and send each form that was not sent yet.

        A page that is one form is opened by one worker only; other pages look different to each.
        """
        waiting, met = [begin_at], set(self.form_pages)
        while waiting:
            address = waiting.pop()
            name = _name_of(address)
            if name is None or name in met:
                continue
            answer = self.look(name, client.get(address))
            if answer.status_code == 302:
                waiting.append(answer["Location"])
                continue
            if answer.status_code != 200:
                continue
            met.add(name)
            if answer.streaming or not answer["Content-Type"].startswith("text/html"):
                continue
            page = Page(answer.content.decode(), address)
            waiting += page.links
            if any(form.draft_url for form in page.forms):
                self.form_pages.add(name)
            if name not in self.asked:
                self.asked.add(name)
                query = urlencode(dict.fromkeys(_ASKED_FOR, TYPED))
                self.look(name, client.get(f"{urlsplit(address).path}?{query}"), own_address=True)
            for form in page.forms:
                self._send(client, name, form)

    def send(self, client: Client, name: str, address: str, data: dict[str, list[Any]], **headers: str) -> HttpResponse:
        """Post with a copy of the browser, since sessions may begin and end, and take back what changed."""
        other = Client(headers=headers or None)
        other.raise_request_exception = False
        other.cookies = copy.deepcopy(client.cookies)
        with self.undone():
            return self.look(f"{name} → {_name_of(address)}", other.post(address, data))

    def _send(self, client: Client, name: str, form: Form) -> None:
        target = _name_of(form.action) or form.action
        shape = " ".join(sorted(one.name for one in form.fields))
        if (target, shape) in self.sent:
            return
        self.sent.add((target, shape))
        self.send(client, name, form.action, form.as_meant())
        self.send(client, name, form.action, form.all_wrong(), HX_Request="true")
        if form.draft_url:
            self.send(client, name, form.draft_url, form.as_meant())

    def look(self, where: str, answer: HttpResponse, *, own_address: bool = False) -> HttpResponse:
        """Keep what an answer passes on."""
        self.answers[answer.status_code] += 1
        if answer.streaming:
            self.files_fetched += TYPED.encode() in b"".join(answer.streaming_content)
        self.passed_on += [(where, f"{name}: {value}") for name, value in _headers(answer)]
        if "html" in answer.get("Content-Type", ""):
            html = answer.content.decode()
            self.bodies_with_words += TYPED[:9] in html
            shown = Page(html, "").visible_to_others
            # The browser's own address may lead back to itself, as in the choice of language.
            self.passed_on += [(where, one) for one in shown if not (own_address and "next=" in one)]
        return answer


def _headers(answer: HttpResponse) -> Iterator[tuple[str, str]]:
    # What a file is saved under is its own name, told to the one who asks for the file and kept nowhere.
    yield from ((name, value) for name, value in answer.items() if name != "Content-Disposition")
    for cookie in answer.cookies.values():
        yield "Set-Cookie", cookie.OutputString()


def _name_of(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return None
