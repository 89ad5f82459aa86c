"""Every address there is, asked as one worker, and its answer without what differs each time anyway."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from forebyg.cases.acts import ACTS

_DIFFERS = re.compile(
    r'name="(?:csrfmiddlewaretoken|token)"[^>]*'  # drawn for each form
    r'|data-session-(?:ends|now)="[^"]*"'
    r"|<strong>[0-9A-Z]{4}-[0-9A-Z]{4}</strong>"  # the code to tell when asking for help
    r'|value="\d{4}-\d\d-\d\dT\d\d:\d\d"'  # what is proposed as the moment is now
)
KIND_OF = {
    "cases:document": "document",
    "cases:document-download": "document",
    "cases:document-preview": "document",
    "sharing:statement": "disclosure",
    "sharing:letter": "disclosure",
    "oversight:review": "grant",
    **dict.fromkeys(("afslut-alarm",), "alarm"),
    **dict.fromkeys(("opgave-udfoert", "laest"), "task"),
    **dict.fromkeys(("frist-bero", "frist-genoptag", "frist-begrund", "frist-gjort"), "clock"),
    **dict.fromkeys(("ret", "forkert-person", "forkert-sag"), "item"),
    **dict.fromkeys(("svar", "begynd-forloeb", "forloeb", "log"), "offer"),
    **dict.fromkeys(("besvar", "afslaa", "traek-anmodning"), "request"),
    "ret-dokument": "document",
    "samtykke-traek": "consent",
    "traek-tilbage": "disclosure",
    "luk-adgang": "grant",
}
"""What an address with an id, or a form on a row, is about; a person where nothing is said."""
_FIXED = {
    "pack": "dk-2026",
    "provision": "same-controller",
    "doubt": "bif-in-forums",
    "intervention_id": "mentorstoette",
    "token": "x",
}

Answers = dict[str, tuple[int, str]]


def addresses(
    reference: str, rows: Mapping[str, uuid.UUID], *, which: Callable[[str, bool], bool]
) -> Iterator[tuple[str, str]]:
    """Name and address of every place that answers a GET, with this case and these rows of it (by what they are; another id where
    there is none). `which` is asked with the name, and whether a case or a row stands in the address."""
    for name, parameters in _every():
        is_of_a_case = bool({"reference", "root", "grant_id", "glass_id", "event_id"} & parameters.keys())
        if name.startswith("cases:draft-") or not which(name, is_of_a_case):
            continue  # a draft takes a POST alone
        given = {key: _value(key, reference, rows.get(KIND_OF.get(name, "person"))) for key in parameters}
        slug = name.removeprefix("cases:act-")
        row = rows.get(KIND_OF.get(slug, "person"), _NOBODY)
        yield name, reverse(name, kwargs=given) + (f"?for={row}" if slug in ACTS and ACTS[slug].on_row else "")


_NOBODY = uuid.UUID("01900000-0000-7000-8000-000000000001")


def _value(name: str, reference: str, id: uuid.UUID | None) -> object:
    if name == "reference":
        return reference
    if name in _FIXED:
        return _FIXED[name]
    return 1 if name in ("number", "pk") else id or _NOBODY


def _every() -> Iterator[tuple[str, dict[str, object]]]:
    def walk(
        patterns: list[URLPattern | URLResolver], prefix: str, before: dict[str, object]
    ) -> Iterator[tuple[str, dict[str, object]]]:
        for pattern in patterns:
            parameters = before | pattern.pattern.converters
            if isinstance(pattern, URLResolver):
                inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from walk(pattern.url_patterns, inner, parameters)
            else:
                yield f"{prefix}{pattern.name}", parameters

    yield from walk(get_resolver().url_patterns, "", {})


def get(client: Client, address: str) -> tuple[int, str]:
    """Status and body."""
    return told(client.get(address))


def told(answer: HttpResponse) -> tuple[int, str]:
    """Status and body, and where it leads; without tokens."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = _DIFFERS.sub("", body.decode("utf-8", "replace"))
    return answer.status_code, answer.headers.get("Location", "") + text
