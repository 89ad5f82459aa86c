"""Texts on screen: find every Danish text in the source and keep the catalogues of translations in step (`make messages`).

A catalogue is written without dates, paths and line breaks within texts, in alphabetical order, so that a change of the
source changes only the lines of its own texts.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "forebyg"
MAPPING = ROOT / "babel.cfg"
MARKS_OF_DJANGO = ("gettext_lazy", "gettext_noop", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3")
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def texts_of_source() -> Catalog:
    """Every text that the source marks for translation, with the files that hold it."""
    with MAPPING.open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = Catalog(locale=None, charset="utf-8")
    places = extract_from_dir(SOURCE, methods, options, keywords=DEFAULT_KEYWORDS | parse_keywords(MARKS_OF_DJANGO))
    for file, line, message, _comments, context in places:
        found.add(message, locations=[(file, line)], context=context)
    return found


def catalogues() -> Iterator[Path]:
    """The catalogues of all languages but Danish, which needs none."""
    yield from sorted((SOURCE / "locale").glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """A catalogue as it is written."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def translations_of(row: Message) -> list[str]:
    """The translation, or those of singular and plural; an empty one is missing."""
    return [row.string] if isinstance(row.string, str) else [str(form) for form in row.string or [""]]


def in_step(path: Path, texts: Catalog) -> str:
    """The catalogue as it should be: what is translated stays, new texts are empty, a changed text gets its old translation
    marked as fuzzy, and what the source no longer holds is gone."""
    catalogue = read(path)
    catalogue.update(texts)
    catalogue.obsolete.clear()
    header = HEADER.format(language=path.parts[-3], plural_forms=catalogue.plural_forms)
    body = io.BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return header + body.getvalue().decode().strip() + "\n"


if __name__ == "__main__":
    source = texts_of_source()
    for catalogue_file in catalogues():
        catalogue_file.write_text(in_step(catalogue_file, source))
        rows = [row for row in read(catalogue_file) if row.id]
        undone = sum(row.fuzzy or not all(translations_of(row)) for row in rows)
        sys.stdout.write(f"{catalogue_file.relative_to(ROOT)}: {len(rows)} texts, {undone} to translate\n")
