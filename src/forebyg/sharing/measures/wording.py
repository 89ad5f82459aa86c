"""The words of a finding on a measure: those of a finding on what is told, but for what would make it lawful."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from forebyg.cases.wording import MEASURE, uncapitalised
from forebyg.law.sentences import say
from forebyg.sharing import wording
from forebyg.sharing.measures.judging import Tool
from forebyg.sharing.wording import CONFIDENCE as CONFIDENCE
from forebyg.sharing.wording import FACT as FACT
from forebyg.sharing.wording import OUTCOME as OUTCOME
from forebyg.sharing.wording import PURPOSE as PURPOSE
from forebyg.sharing.wording import Word
from forebyg.sharing.wording import mark as mark
from forebyg.sharing.wording import word as word

REMEDY: Mapping[str, Word] = {
    **wording.REMEDY,
    "get-consent": _(
        "Få samtykke til at deltage, registrér det på personens side, og vælg den indsats her, som samtykket gælder."
    ),
    "write-weighing": _("Skriv afvejningen: hvorfor netop det her er nødvendigt i netop denne sag."),
}
COOPERATION: Mapping[str, Word] = {
    "": _("Ikke oplyst"),
    "cooperates": _("Ja"),
    "partly": _("Delvist"),
    "refused": _("Nej, de vil ikke samarbejde"),
}


def ground(value: str) -> str:
    """A ground of the law, for the beginning of a line."""
    said = say("ground", value).in_language(_language())
    return said[:1].upper() + said[1:]


def tool(one: Tool) -> str:
    """`Forældrepålæg (barnets lovs § 38)`; with the provision's name where several provisions speak of the same measure."""
    language = _language()
    citation = one.provision.citation.en if language.startswith("en") else one.provision.citation.da
    name = one.provision.name.en if language.startswith("en") else one.provision.name.da
    measure = str(MEASURE[one.measure])
    return f"{measure} ({citation})" if one.is_alone else f"{measure}: {uncapitalised(name)} ({citation})"


def _language() -> str:
    return get_language() or "da"
