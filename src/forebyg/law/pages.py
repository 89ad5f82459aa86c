"""Makes `docs/law/<pack>.md` from each law pack, to review, print and sign: `python -m forebyg.law.pages`, with `--check` to compare."""

from __future__ import annotations

import datetime
import difflib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias, TypeVar

from forebyg.law import words
from forebyg.law.reading import PACKS, pack_ids, read_pack
from forebyg.law.schema import (
    AgeRange,
    Condition,
    ConsentAsked,
    ConsentRow,
    ConsentRule,
    Doubt,
    ExchangeGate,
    Forum,
    MeasureGate,
    Pack,
    Persons,
    Provision,
)
from forebyg.law.schema import Text as PackText
from forebyg.law.sentences import say

T = TypeVar("T")
Row: TypeAlias = "tuple[str, str, str]"
"""What it is, in Danish, in English."""

FOLDER = Path(__file__).resolve().parents[3] / "docs/law"

_PREFACE = """# {id} {version}: {da} / {en}

{source_da}. Gælder {first} til {last}; efterset {checked}. / {source_en}. Valid {first} to {last}; checked on {checked}.

Dette er ikke juridisk rådgivning. En hjemmel kan først bruges, når en navngiven person har godkendt netop denne version; ændres
dens række, dens samarbejde eller dens samtykkeregel, skal den godkendes igen. Ingen vurdering herfra pålægger nogen at videregive,
og intet bruges til efterforskning eller går til PET.

This is not legal advice. A provision can be used only once a named person has signed off this very version; when its row, its forum or
its consent rule changes, it must be signed again. No finding obliges anyone to disclose, and nothing is used for investigation or
goes to PET.

Lavet af `src/forebyg/law/packs/{id}.yaml` med `python -m forebyg.law.pages`; kontrollen sammenligner de to. / Made from the pack; the
checks compare the two.
"""


def render(pack: Pack) -> str:
    """The page of a pack as Markdown, Danish and English side by side."""
    meta = pack.meta
    preface = _PREFACE.format(
        id=meta.id,
        version=meta.version,
        da=meta.name.da,
        en=meta.name.en,
        source_da=meta.source.da,
        source_en=meta.source.en,
        first=meta.valid_from,
        last=meta.valid_to or "…",
        checked=meta.checked_on,
    )
    parts = [preface, _reservations(pack), *map(_forum, pack.forums), _doubts(pack), *map(_rule, pack.consent_rules)]
    parts += [_provision(pack, provision) for provision in pack.provisions]
    return "\n".join(part for part in parts if part)


def _reservations(pack: Pack) -> str:
    if not pack.meta.reservations:
        return ""
    return "## Forbehold / Reservations\n\n" + "".join(f"- {one.da} / {one.en}\n" for one in pack.meta.reservations)


def _forum(forum: Forum) -> str:
    rows = [_row("Medlemmer / Members", _who, forum.members), _row("Formål / Purposes", _purposes, forum.purposes)]
    if forum.persons:
        rows.append(_row("Personer / Persons", _persons, forum.persons))
    return f"## {forum.id.upper()}: {forum.name.da} / {forum.name.en}\n\n" + _table(rows)


def _doubts(pack: Pack) -> str:
    heading = "## Tvivl, der spærrer, til den er afklaret / Doubts that block until they are clarified\n\n"
    return heading + _table([_row(f"`{doubt.id}`", _doubt, doubt) for doubt in pack.doubts]) if pack.doubts else ""


def _rule(rule: ConsentRule) -> str:
    rows = [_row(str(index), _consent_row, row) for index, row in enumerate(rule.rows, 1)]
    return f"## Samtykke / Consent `{rule.id}`: {rule.name.da} / {rule.name.en}\n\n" + _table(rows)


def _provision(pack: Pack, provision: Provision) -> str:
    rows = [
        _row("Henvisning / Citation", _of, provision.citation),
        *(_row(f"Vej {index} / Way {index}", _exchange, gate) for index, gate in enumerate(provision.exchange, 1)),
        *(_row(f"Tiltag {index} / Measure {index}", _measure, gate) for index, gate in enumerate(provision.measures, 1)),
        _row("Kun til / Only for", _of, provision.purpose_limit),
        *(_row("Vilkår / Condition", _condition, one) for one in provision.conditions),
        *(_row("Forbehold / Caveat", _of, one) for one in provision.caveats),
        *(_row("Mærke / Mark", _fixed("phrase"), mark) for mark in provision.marks),
        _row("Sikkerhed / Confidence", _fixed("confidence"), str(provision.confidence)),
        _same("Gælder / Valid", _days(pack, provision)),
        _same("Lovkort / Law map", ", ".join(f"`{row}`" for row in provision.maps_to) or "–"),
        _same("Version", f"`{pack.version(provision)}`"),
        ("Godkendt af / Signed by", "Navn:            Dato:", "Name:            Date:"),
    ]
    return f"## `{provision.id}`: {provision.name.da} / {provision.name.en}\n\n" + _table(rows)


def _row(label: str, written: Callable[[T, str], str], of: T) -> Row:
    return label, written(of, "da"), written(of, "en")


def _same(label: str, text: str) -> Row:
    return label, text, text


def _fixed(about: str) -> Callable[[str, str], str]:
    return lambda word, code: say(about, word).in_language(code)


def _days(pack: Pack, provision: Provision) -> str:
    first, last = pack.validity(provision)
    return f"{first} – {last if last != datetime.date.max else '…'}"


def _doubt(doubt: Doubt, code: str) -> str:
    return f"{_of(doubt.question, code)} ({_who((*doubt.forum_members, *doubt.recipients), code)})"


def _consent_row(row: ConsentRow, code: str) -> str:
    return f"{_age(row.age, code)}: {_listed('consent', row.asks, code)}"


def _condition(condition: Condition, code: str) -> str:
    return f"{_of(condition, code)}{_for_age(condition.age, code)}"


def _purposes(purposes: Iterable[str], code: str) -> str:
    return _listed("purpose", purposes, code)


# --- gates in words


def _exchange(gate: ExchangeGate, code: str) -> str:
    return "; ".join(_parts_of_exchange(gate, code))


def _parts_of_exchange(gate: ExchangeGate, code: str) -> Iterator[str]:
    when, asks = gate.when, gate.asks
    yield f"{_label('from', code)} {_who(asks.from_ or when.from_, code)}"
    yield f"{_label('to', code)} {_who(when.to, code)}"
    if when.either:
        yield f"{_label('either', code)} {_who(when.either, code)}"
    if when.same_controller:
        yield _label("same-controller", code)
    if when.forums:
        yield f"{_label('forum', code)} {', '.join(forum.upper() for forum in when.forums)}"
    if when.age:
        yield f"{_label('age', code)} {_age(when.age, code)}"
    for purposes in filter(None, (when.purposes, asks.purposes)):
        yield f"{_label('purpose', code)}: {_listed('purpose', purposes, code)}"
    if when.only_categories:
        yield f"{_label('only', code)} {_listed('category', when.only_categories, code)}"
    if when.with_category:
        yield f"{_label('with', code)} {_listed('category', (when.with_category,), code)}"
    if when.triggers:
        yield _listed("trigger", when.triggers, code)
    if asks.persons:
        yield f"{_label('person', code)}: {_persons(asks.persons, code)}"
    if not when.forums:
        yield say("passes_on", asks.passes_on).in_language(code)
    if asks.consent:
        yield _consent(asks.consent, code)
    if asks.weighing:
        yield _label("weighing", code)


def _measure(gate: MeasureGate, code: str) -> str:
    return "; ".join(_parts_of_measure(gate, code))


def _parts_of_measure(gate: MeasureGate, code: str) -> Iterator[str]:
    when, asks = gate.when, gate.asks
    yield _listed("measure", when.measures, code)
    yield f"{_label('by', code)} {_who(asks.by or when.by, code)}"
    for age in filter(None, (when.age, asks.age)):
        yield f"{_label('age', code)} {_age(age, code)}"
    for purposes in filter(None, (when.purposes, asks.purposes)):
        yield f"{_label('purpose', code)}: {_listed('purpose', purposes, code)}"
    if asks.grounds:
        more = f" {_label('refused-cooperation', code)}" if asks.refused_cooperation else ""
        yield f"{_label('ground', code)}: {_listed('ground', asks.grounds, code)}{more}"
    if asks.consent:
        yield _consent(asks.consent, code)
    if asks.weighing:
        yield _label("weighing", code)


def _consent(consent: ConsentAsked, code: str) -> str:
    return f"{_label('consent', code)} {say('consent', consent.kind).in_language(code)} (`{consent.rule}`)"


def _persons(persons: Iterable[Persons], code: str) -> str:
    return _label("or", code).join(", ".join(_parts_of_person(one, code)) for one in persons)


def _parts_of_person(person: Persons, code: str) -> Iterator[str]:
    for about, wanted in (("custody", person.custody), ("standing", person.standing)):
        if wanted:
            yield _label("or", code).join(say(about, word).in_language(code) for word in wanted)
    if person.age:
        yield _age(person.age, code)
    if person.exposed:
        yield _label("exposed", code)


def _who(who: Iterable[str] | None, code: str) -> str:
    if who is None:
        return _label("anyone", code)
    return ", ".join(say("group" if word in words.GROUPS else "party", word).in_language(code).rstrip(",") for word in who)


def _age(age: AgeRange, code: str) -> str:
    if (age.from_, age.to) == (0, words.MAX_AGE):
        return _label("all-ages", code)
    last = "" if age.to == words.MAX_AGE else age.to
    return f"{age.from_}–{last} {_label('years', code)}"


def _for_age(age: AgeRange | None, code: str) -> str:
    return f" ({_age(age, code)})" if age else ""


def _listed(about: str, listed: Iterable[str], code: str) -> str:
    return ", ".join(say(about, word).in_language(code) for word in listed)


def _label(word: str, code: str) -> str:
    return say("label", word).in_language(code)


def _of(text: PackText, code: str) -> str:
    return text.en if code == "en" else text.da


def _table(rows: Iterable[Row]) -> str:
    lines: list[Row] = [("", "Dansk", "English"), ("---", "---", "---"), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` print how they differ and return 1 when they do."""
    differs = 0
    for pack_id in pack_ids():
        page, file = render(read_pack(PACKS / f"{pack_id}.yaml")), FOLDER / f"{pack_id}.md"
        if "--check" not in arguments:
            FOLDER.mkdir(exist_ok=True)
            file.write_text(page, encoding="utf-8")
            continue
        found = file.read_text(encoding="utf-8") if file.exists() else ""
        difference = list(difflib.unified_diff(found.splitlines(), page.splitlines(), file.name, "pack", lineterm=""))
        sys.stdout.writelines(line + "\n" for line in difference)
        differs |= int(bool(difference))
    return differs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
