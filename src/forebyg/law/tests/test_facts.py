"""Facts that are no words of the vocabulary are refused with their path and the words that are."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from forebyg.law import Consent, Exchange, FactsInvalid, Party, Subject, exchange_from, measure_from

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a kind": ({"to": {"kind": "polise"}}, r"to\.kind: expected one of police, .*did you mean 'police'\?\), found 'polise'"),
    "a fact": ({"alder": 3}, r"alder: expected a fact: from, to, forum"),
    "a fact of a part": ({"subject": {"aeg": 3}}, r"subject\.aeg: expected a fact: age, .*did you mean 'age'"),
    "an age": ({"subject": {"age": -1}}, r"subject\.age: expected a whole number from 0 to 130, found -1"),
    "an age in words": ({"subject": {"age": "ti"}}, r"subject\.age: expected a whole number from 0 to 130, found 'ti'"),
    "a yes": ({"subject": {"exposed": "ja"}}, r"subject\.exposed: expected true or false, found 'ja'"),
    "true for a number": ({"subject": {"age": True}}, r"subject\.age: expected a whole number"),
    "custody holders": ({"subject": {"guardians": 3}}, r"subject\.guardians: expected a whole number from 0 to 2"),
    "a forum of a party": ({"from": {"forums": ["ssp", "none"]}}, r"from\.forums: expected one of ssp, psp, ksp"),
    "a list that is a word": ({"categories": "private"}, r"categories: expected a list, found 'private'"),
    "no category": ({"categories": []}, r"categories: expected at least one of"),
    "a consent": (
        {"consents": [{"kind": "share", "by": "mor", "answer": "given"}]},
        r"consents\[0\]\.by: expected one of citizen",
    ),
    "half a consent": ({"consents": [{"kind": "share"}]}, r"consents\[0\]: expected kind, by and answer, found 'kind'"),
    "a part that is a word": ({"from": "school"}, r"from: expected a group of facts, found 'school'"),
    "a day": ({"moment": "i dag"}, r"moment: expected a date as YYYY-MM-DD, found 'i dag'"),
    "a moment with a clock": ({"moment": datetime.datetime(2026, 1, 1)}, r"moment: expected a date"),  # noqa: DTZ001
    "a trigger": ({"trigger": {"kind": "uro"}}, r"trigger\.kind: expected one of serious-violence, terror"),
    "a controller": ({"from": {"controller": ""}}, r"from\.controller: expected a text"),
    "an id": ({"clarified": [1]}, r"clarified: expected a list of ids"),
}


@pytest.mark.parametrize(("plain", "told"), BAD.values(), ids=BAD.keys())
def test_what_is_no_fact_is_refused_by_path(plain: dict[str, Any], told: str) -> None:
    with pytest.raises(FactsInvalid, match=told):
        exchange_from(plain)


def test_a_consent_that_is_none_is_refused_in_python_too() -> None:
    with pytest.raises(FactsInvalid, match=r"consents\[0\]: expected a consent"):
        Exchange(consents=({"kind": "share"},))  # type: ignore[arg-type]


def test_plain_facts_and_python_facts_are_the_same() -> None:
    plain = {
        "from": {"kind": "school", "forums": ["ssp"]},
        "subject": {"age": 15},
        "consents": [{"kind": "share", "by": "citizen", "answer": "given"}],
        "trigger": "none",
        "moment": "2026-05-01",
    }
    assert exchange_from(plain) == Exchange(
        from_=Party(kind="school", forums=("ssp",)),
        subject=Subject(age=15),
        consents=(Consent(kind="share", by="citizen", answer="given"),),
        moment=datetime.date(2026, 5, 1),
    )


def test_null_is_a_fact_that_is_missing() -> None:
    assert exchange_from({"received_under": None, "need": None, "consents": None, "to": None}) == Exchange(
        received_under=None, need=None
    )
    assert measure_from({"grounds": None}).grounds is None
