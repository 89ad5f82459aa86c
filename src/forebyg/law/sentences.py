"""Findings in words, short and in both languages: who may tell whom, why, by which provision, and what is missing."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml

from forebyg.law import words
from forebyg.law.facts import Facts
from forebyg.law.finding import Finding, Text

_SOURCE = Path(__file__).resolve().parent / "texts.yaml"
_LANGUAGES = ("da", "en")


@functools.cache
def texts() -> dict[str, dict[str, Text]]:
    """Every fixed text, by what it is about and by its word."""
    plain = yaml.load(_SOURCE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {about: {word: Text(**text) for word, text in group.items()} for about, group in plain.items()}


def say(about: str, word: str) -> Text:
    """One fixed text, such as that of a reason."""
    return texts()[about][word]


def of_exchange(finding: Finding, facts: Facts) -> Text:
    """The sentence on an exchange."""
    return _in_both(finding, _EXCHANGE[finding.outcome], _who_tells(facts))


def of_measure(finding: Finding, facts: Facts) -> Text:
    """The sentence on a measure."""
    parts = {"who": _named("party", facts["by.kind"]), "measure": _named("measure", facts["measure"])}
    return _in_both(finding, _MEASURE[finding.outcome], parts)


_EXCHANGE = {
    "allowed": "may-tell",
    "refused": "may-not-tell",
    "blocked": "may-not-tell-yet",
    "undecided": "unclear-whether-to-tell",
}
_MEASURE = {"allowed": "may-act", "refused": "may-not-act", "blocked": "may-not-act-yet", "undecided": "unclear-whether-to-act"}
_NOTHING = Text("", "")


def _who_tells(facts: Facts) -> dict[str, Text]:
    return {
        "who": _named("party", facts["from.kind"]),
        "whom": _named("party", facts["to.kind"], unknown="unknown-recipient"),
        "purpose": say("purpose", facts["purpose"]) if facts["purpose"] else _NOTHING,
    }


def _named(about: str, word: str | None, unknown: str = "unknown") -> Text:
    return say(about, word or unknown)


def _in_both(finding: Finding, phrase: str, parts: dict[str, Text]) -> Text:
    return Text(*(_written(finding, phrase, parts, language) for language in _LANGUAGES))


def _written(finding: Finding, phrase: str, parts: dict[str, Text], language: str) -> str:
    filled = {name: getattr(text, language) for name, text in parts.items()}
    filled["bases"] = "; ".join(getattr(basis.citation, language) for basis in finding.bases)
    filled["missing"] = _listed([getattr(say("fact", path), language) for path in finding.missing], language)
    filled["is"] = getattr(say("phrase", "one-is" if len(finding.missing) < 2 else "several-are"), language)
    first = getattr(say("phrase", phrase), language).format(**filled).replace("  ", " ").replace(" .", ".")
    after = [getattr(text, language) for text in _afterwards(finding)]
    return " ".join([first[0].upper() + first[1:], *after])


def _afterwards(finding: Finding) -> list[Text]:
    said = [say("reason", finding.because)] if finding.because else []
    if words.NOT_FOR_INVESTIGATION in finding.marks:
        said.append(say("phrase", "not-for-investigation"))
    if finding.bases and len(finding.unconfirmed) == len(finding.bases):
        said.append(say("phrase", "unconfirmed"))
    return said + [say("remedy", remedy) for remedy in finding.remedies]


def _listed(texts_in_order: list[str], language: str) -> str:
    *first, last = texts_in_order or [""]
    return f"{', '.join(first)}{getattr(say('phrase', 'and'), language)}{last}" if first else last
