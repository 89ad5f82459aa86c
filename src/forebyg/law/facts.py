"""What a question to the law is made of. Every fact may be missing (None): then the finding says which one is needed."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from forebyg.law import words

Facts: TypeAlias = "dict[str, Any]"
"""The facts of a question by path, such as `subject.age`."""


class FactsInvalid(ValueError):
    """A fact that is no fact of the vocabulary. The message names its path, what was expected and what was found."""

    def __init__(self, path: str, expected: str, found: object) -> None:
        self.path = path
        super().__init__(f"{path}: expected {expected}, found {_shown(found)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who tells, is told, or acts. `controller` is any id; two parties with the same one are one legal controller."""

    kind: str | None = None
    controller: str | None = None
    forums: tuple[str, ...] | None = None
    public_task: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The person it is about. `standing` is a human judgement on record, `guardians` the number of holders of custody."""

    age: int | None = None
    custody: str | None = None
    standing: str | None = None
    exposed: bool | None = None
    guardians: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One answer, in the order in which they were given: the last answer of a person counts (B-031)."""

    kind: str
    by: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What may outweigh secrecy, and whether the weighing is written down (R-086)."""

    kind: str | None = None
    weighing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """May `from_` tell `to` this about the subject? Raises `FactsInvalid` for a word outside the vocabulary."""

    from_: Party = Party()
    to: Party = Party()
    forum: str | None = None
    received_under: str | None = words.NO_FORUM
    subject: Subject = Subject()
    purpose: str | None = None
    categories: tuple[str, ...] | None = None
    consents: tuple[Consent, ...] = ()
    trigger: Trigger | None = None
    need: str | None = "written"
    clarified: tuple[str, ...] = ()
    refused_clarifications: tuple[str, ...] = ()
    doubt: bool = False
    moment: datetime.date | None = None

    def __post_init__(self) -> None:
        check_facts(self.as_facts())

    def as_facts(self) -> Facts:
        """By path; `trigger` is true when there is one."""
        trigger = self.trigger or _NO_TRIGGER
        return {
            **_of_party("from", self.from_),
            **_of_party("to", self.to),
            **_of_subject(self.subject),
            "forum": self.forum,
            "received_under": self.received_under,
            "purpose": self.purpose,
            "categories": self.categories,
            "consents": self.consents,
            "trigger": self.trigger is not None,
            "trigger.kind": trigger.kind,
            "trigger.weighing": trigger.weighing,
            "need": self.need,
            "clarified": self.clarified,
            "refused_clarifications": self.refused_clarifications,
            "doubt": self.doubt,
            "moment": self.moment,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """May the authority `by` do this towards the subject? `provision` is the one it is meant to rest on: any, when none is
    named. `weighing` says whether the weighing of this very case is written. Raises `FactsInvalid` for a word outside the
    vocabulary."""

    measure: str | None = None
    provision: str | None = None
    by: Party = Party()
    subject: Subject = Subject()
    purpose: str | None = None
    consents: tuple[Consent, ...] = ()
    grounds: tuple[str, ...] | None = None
    cooperation: str | None = None
    weighing: str | None = "written"
    moment: datetime.date | None = None

    def __post_init__(self) -> None:
        check_facts(self.as_facts())

    def as_facts(self) -> Facts:
        """By path."""
        return {
            **_of_party("by", self.by),
            **_of_subject(self.subject),
            "measure": self.measure,
            "provision": self.provision,
            "purpose": self.purpose,
            "consents": self.consents,
            "grounds": self.grounds,
            "cooperation": self.cooperation,
            "weighing": self.weighing,
            "moment": self.moment,
        }


_NO_TRIGGER = Trigger()


def _of_party(name: str, party: Party) -> Facts:
    return {
        f"{name}.kind": party.kind,
        f"{name}.controller": party.controller,
        f"{name}.forums": party.forums,
        f"{name}.public_task": party.public_task,
    }


def _of_subject(subject: Subject) -> Facts:
    return {
        "subject.age": subject.age,
        "subject.custody": subject.custody,
        "subject.standing": subject.standing,
        "subject.exposed": subject.exposed,
        "subject.guardians": subject.guardians,
    }


# --- the vocabulary

_ONE_OF: dict[str, tuple[str, ...]] = {
    **{f"{party}.kind": words.KINDS for party in ("from", "to", "by")},
    "subject.custody": words.CUSTODIES,
    "subject.standing": words.STANDINGS,
    "forum": words.FORUMS,
    "received_under": words.FORUMS,
    "purpose": words.PURPOSES,
    "trigger.kind": words.TRIGGERS,
    "trigger.weighing": words.WRITTEN,
    "need": words.WRITTEN,
    "measure": words.MEASURES,
    "cooperation": words.COOPERATION,
    "weighing": words.WRITTEN,
}
_SOME_OF: dict[str, tuple[str, ...]] = {
    **{f"{party}.forums": words.COOPERATIONS for party in ("from", "to", "by")},
    "categories": words.CATEGORIES,
    "grounds": words.GROUNDS,
}
_YES_OR_NO = {"from.public_task", "to.public_task", "by.public_task", "subject.exposed", "doubt", "trigger"}
_UP_TO = {"subject.age": words.MAX_AGE, "subject.guardians": 2}
_IDS = {"clarified", "refused_clarifications"}


def check_facts(facts: Facts) -> None:
    """Raise `FactsInvalid` when a fact that is stated is not a word of the vocabulary, or of the wrong type."""
    for path, value in facts.items():
        if value is None:
            continue
        if path in _ONE_OF:
            _check_word(path, value, _ONE_OF[path])
        elif path in _SOME_OF:
            _check_list(path, value)
            for each in value:
                _check_word(path, each, _SOME_OF[path])
        elif path == "consents":
            _check_consents(value)
        elif not _is_of_its_type(path, value):
            raise FactsInvalid(path, _TYPE_OF.get(path, "a text"), value)
    if facts.get("categories") == ():
        raise FactsInvalid("categories", "at least one of " + ", ".join(words.CATEGORIES), "none")


def _check_word(path: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise FactsInvalid(path, f"one of {', '.join(allowed)}{_nearest(value, allowed)}", value)


def _check_list(path: str, value: object) -> None:
    if not isinstance(value, tuple):
        raise FactsInvalid(path, "a list", value)


def _check_consents(consents: object) -> None:
    _check_list("consents", consents)
    assert isinstance(consents, tuple)
    for index, consent in enumerate(consents):
        path = f"consents[{index}]"
        if not isinstance(consent, Consent):
            raise FactsInvalid(path, "a consent with kind, by and answer", consent)
        _check_word(f"{path}.kind", consent.kind, words.CONSENT_KINDS)
        _check_word(f"{path}.by", consent.by, words.CONSENT_GIVERS)
        _check_word(f"{path}.answer", consent.answer, words.CONSENT_ANSWERS)


_TYPE_OF = {
    **dict.fromkeys(_YES_OR_NO, "true or false"),
    **{path: f"a whole number from 0 to {most}" for path, most in _UP_TO.items()},
    **dict.fromkeys(_IDS, "a list of ids"),
    "moment": "a date as YYYY-MM-DD",
}


def _is_of_its_type(path: str, value: object) -> bool:
    if path in _YES_OR_NO:
        return isinstance(value, bool)
    if path in _UP_TO:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _UP_TO[path]
    if path in _IDS:
        return isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    if path == "moment":
        return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    return isinstance(value, str) and bool(value)


def _nearest(value: object, allowed: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(value), list(allowed), n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


# --- from plain values


def exchange_from(plain: Mapping[str, Any]) -> Exchange:
    """An exchange from plain values, as YAML and JSON hold them. Raises `FactsInvalid`."""
    return Exchange(**_values(plain, Exchange, ""))


def measure_from(plain: Mapping[str, Any]) -> Measure:
    """The same of a measure. Raises `FactsInvalid`."""
    return Measure(**_values(plain, Measure, ""))


_PARTS: dict[str, type[Any]] = {"from": Party, "to": Party, "by": Party, "subject": Subject, "trigger": Trigger}
_LISTS = {"forums", "categories", "grounds", "clarified", "refused_clarifications"}
_NEVER_MISSING = {"doubt", "consents", "clarified", "refused_clarifications"}


def _values(plain: Mapping[str, Any], kind: type[Any], path: str) -> dict[str, Any]:
    if not isinstance(plain, Mapping):
        raise FactsInvalid(path.rstrip("."), "a group of facts", plain)
    allowed = {field.name.rstrip("_"): field.name for field in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in plain.items():
        if key not in allowed:
            raise FactsInvalid(f"{path}{key}", f"a fact: {', '.join(allowed)}{_nearest(key, allowed)}", "another word")
        if value is None and key in _NEVER_MISSING:
            continue
        values[allowed[key]] = _value(key, value, path, is_part=key in _PARTS and kind in (Exchange, Measure))
    if kind is Consent and len(values) < len(allowed):
        raise FactsInvalid(path.rstrip("."), "kind, by and answer", ", ".join(values) or "nothing")
    return values


def _value(key: str, value: Any, path: str, *, is_part: bool) -> Any:
    if key == "trigger" and value in (None, "none"):
        return None
    if is_part:
        part = _PARTS[key]
        return part(**_values(value, part, f"{path}{key}.")) if value is not None else part()
    if key == "consents":
        _check_list(key, tuple(value) if isinstance(value, list | tuple) else value)
        return tuple(Consent(**_values(each, Consent, f"consents[{index}].")) for index, each in enumerate(value))
    if key in _LISTS and isinstance(value, list):
        return tuple(value)
    if key == "moment" and isinstance(value, str):
        return _date(path + key, value)
    return value


def _date(path: str, value: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise FactsInvalid(path, "a date as YYYY-MM-DD", value) from None
