"""Are the texts on screen whole? Every text marked, every translation there and fitting, Danish Danish and English English.

One line for each fault, and exit code 1 if there is one. Nothing is rendered here; tests/architecture/test_language.py does.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import allauth
import catalogues
import django
import jinja2
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

ROOMS_WITH_SCREENS = (
    *("access", "audit", "cases", "config", "intake", "matters"),
    *("meetings", "oversight", "people", "sharing", "strategy", "ui"),
)
LOOKS_UP = "ui/texts.py"
"""Where a template's text, collected from the template, is looked up."""
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
SPOKEN_ATTRIBUTES = {"alt", "aria-description", "aria-label", "aria-roledescription", "label", "placeholder", "title"}

NAMES = {"Forebyg", "Enter", "II", "j", "k"}
"""May stand bare in a template: the product, keys, and the sign for a pause."""

LONE_ATTRIBUTES = re.compile(r'\b[a-z-]+="[^"]*"|\b(?:required|disabled)\b')
"""A macro may give attributes alone, without their tag."""

SAME_IN_BOTH = {
    *("Administrator", "Alarm", "Alarm: %(kind)s", "DKS", "Demo", "Demo.", "EKP", "Forebyg", "Forum", "Information", "Log"),
    *("Menu", "Mentor", "Mine", "Person", "Person %(number)s", "Relation", "SSP", "Specialist", "Start", "Status", "VINK"),
    *("Terror", "%(n)dd", "%(n)dm", "%(n)d min", "under 1 min"),
}
"""Texts that an Englishman writes like a Dane; any other translation that repeats its source was forgotten."""

DANISH = re.compile(
    r"[æøåÆØÅ]|\b(?:af|at|den|der|det|du|eller|en|et|fra|har|ikke|kan|med|og|sag|sagen|skal|som|til|trin|frist|opgave|"
    r"borger|henvendelse|myndighed|oplysning|medarbejder|skriv|gem|vis)\b"
)
DANISH_IN_ENGLISH = re.compile(r"\bat\b|\bden\b|\bfra\b")  # "at" and "den" are English words too
ENGLISH = re.compile(
    r"\b(?:and|are|been|browse|click|could|deadline|delete|from|has|inbox|login|logout|not|of|or|password|please|"
    r"save|search|settings|submit|team|that|the|this|update|user|was|with|you|your)\b",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")


def faults_of_catalogue(path: Path, texts: Catalog) -> Iterator[str]:
    """What is missing, doubtful, superfluous or does not fit in one catalogue."""
    name = path.relative_to(catalogues.ROOT)
    if path.read_text() != catalogues.in_step(path, texts):
        yield f"{name}: out of step with the source; run make messages"
    for row in catalogues.read(path):
        if row.id:
            yield from (f"{name}: {_source(row)!r}: {fault}" for fault in faults_of_row(row))


def _source(row: Message) -> str:
    return row.id if isinstance(row.id, str) else row.id[0]


def faults_of_row(row: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    sources = [row.id] if isinstance(row.id, str) else list(row.id)
    translations = catalogues.translations_of(row)
    if row.fuzzy:
        yield "its Danish was changed; see that the translation still fits, and remove “fuzzy”"
    if not all(translations):
        yield "not translated"
        return
    for source, translation in zip(sources, translations, strict=True):
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(translation)):
            yield "other placeholders"
        if _edges(source) != _edges(translation):
            yield "begins or ends otherwise (space, full stop, colon, question mark)"
        if source == translation and source not in SAME_IN_BOTH:
            yield "repeats the Danish"
        if DANISH.search(DANISH_IN_ENGLISH.sub("", PLACEHOLDER.sub("", translation))):
            yield f"Danish in the translation: {translation!r}"


def _edges(text: str) -> tuple[str, str, str]:
    last = text.rstrip()[-1:]
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :], last if last in ".:,?!" else ""


def faults_of_sources(texts: Catalog) -> Iterator[str]:
    """English in a Danish text, and a Danish text that a package takes for an English one and “translates”."""
    packages = list(_danish_catalogues_of_packages())
    for row in texts:
        if not row.id:
            continue
        file, line = row.locations[0]
        for text in [row.id] if isinstance(row.id, str) else row.id:
            if ENGLISH.search(PLACEHOLDER.sub("", text)):
                yield f"src/forebyg/{file}:{line}: English in {text!r}"
            for package in packages:
                theirs = package.get(text, row.context)
                if theirs is not None and theirs.string and theirs.string != text:
                    yield f"src/forebyg/{file}:{line}: {text!r} is shown as {theirs.string!r} in Danish; give it a context (pgettext)"


def _danish_catalogues_of_packages() -> Iterator[Catalog]:
    for package in (Path(django.__file__).parent / "conf", Path(allauth.__file__).parent):
        with (package / "locale" / "da" / "LC_MESSAGES" / "django.mo").open("rb") as file:
            yield read_mo(file)


def faults_of_python(path: Path) -> Iterator[str]:
    """Danish that is not marked for translation, and marks that a reader of the source can't follow."""
    if path.as_posix().endswith(LOOKS_UP):
        return
    tree = ast.parse(path.read_text())
    settled = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in MARKS:
            settled |= {id(part) for argument in node.args for part in ast.walk(argument)}
            if not (node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)):
                yield f"{_place(path, node.lineno)}: {ast.unparse(node)} holds no text that can be collected"
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in settled:
            is_sentence = re.match(r"[A-ZÆØÅ][a-zæøå]+ .*\b(?:er|og|ikke|den|det|til|skal)\b", node.value)
            if (re.search("[æøåÆØÅ]", node.value) or is_sentence) and " / " not in node.value:
                yield f"{_place(path, node.lineno)}: {node.value!r} is not marked for translation"


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _place(path: Path, line: int) -> str:
    return f"{os.path.relpath(path, catalogues.ROOT)}:{line}"


class _BareWords(HTMLParser):
    """Words between tags, and in attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_data(self, data: str) -> None:
        self._look_at(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES:
                self._look_at(value or "")

    def _look_at(self, text: str) -> None:
        words = [word for word in re.findall(r"[A-Za-zÆØÅæøå]+", LONE_ATTRIBUTES.sub("", text)) if word not in NAMES]
        if words:
            self.found.append((self.getpos()[0], " ".join(words)))


def faults_of_template(path: Path) -> Iterator[str]:
    """Words that stand in a template without being marked for translation."""
    reader = _BareWords()
    reader.feed(_markup_alone(path.read_text()))
    yield from (f"{_place(path, line)}: {words!r} is not marked for translation" for line, words in reader.found)


def _markup_alone(template: str) -> str:
    """The template without Jinja's parts and without what stands between trans and endtrans."""
    kept, in_trans = "", False
    for _line, kind, text in jinja2.Environment(autoescape=True).lex(template):
        if kind == "name" and text in ("trans", "endtrans"):
            in_trans = text == "trans"
        if kind == "variable_begin" and kept.endswith(("<", "</")):
            kept += "x"  # the name of a tag is filled in
        kept += text if kind == "data" and not in_trans else "\n" * text.count("\n")
    return kept


def faults() -> Iterator[str]:
    """All of them."""
    texts = catalogues.texts_of_source()
    yield from faults_of_sources(texts)
    for path in catalogues.catalogues():
        yield from faults_of_catalogue(path, texts)
    for room in ROOMS_WITH_SCREENS:
        for path in sorted((catalogues.SOURCE / room).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts) and path.name != "installation.py":
                yield from faults_of_python(path)
        for path in sorted((catalogues.SOURCE / room).glob("jinja2/**/*")):
            if path.suffix in (".html", ".txt"):
                yield from faults_of_template(path)


if __name__ == "__main__":
    lines = list(faults())
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.exit(bool(lines))
