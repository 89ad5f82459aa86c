"""Third persons, siblings and who reported, are not told of with somebody else: in items, letters and statements."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from conftest import as_owner
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.cases.actions import extracting, noting
from forebyg.cases.finding import Terms
from forebyg.cases.models import Disclosure, Item, Task
from forebyg.cases.queries import records_of
from forebyg.cases.rules import NotInThisCase, TextMissing
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_person, an_item, refused
from forebyg.cases.third_persons import NamesOthers
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.intake.models import Concern, ReporterIdentity
from forebyg.sharing.actions import tell, write_letter
from forebyg.sharing.models import Letter
from forebyg.sharing.tests.test_paper import address, fetched, words_in

SISTER, FATHER, REPORTER = "Prøveperson Søsternavn", "Prøveperson Farsnavn", "Anmelder Prøvenavn"
SISTERS_NUMBER = "010199-1234"
MORE = "Han viste en video frem."


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    """VINK's case about a son; his sister and father are in it by name, and somebody reported it by name. DKS takes part."""
    people = {
        "son": a_person("Søn", name="Prøveperson Sønnenavn", born_on="2010-01-01"),
        "sister": a_person("Søster", name=SISTER, is_involved=True),
        "father": a_person("Far", name=FATHER, is_guardian=True),
    }
    play = Play(cast, people).to(Step.RECEIVED)
    play.admit("dks", "ssp")
    worker, now = play.become("vink")
    concern = Concern.objects.visible_to(worker).filter(matter=play.matter_id)[0]
    ReporterIdentity(
        matter_id=play.matter_id,
        owner_id=worker.agency_id,
        author_id=worker.id,
        happened_at=now,
        recorded_at=now,
        concern=concern.root,
        name=REPORTER,
        contact="",
    ).save(force_insert=True)
    return play


def item_of(play: Play, text: str, *about: str) -> Item:
    """An item of VINK's."""
    acting = play.by()
    return noting.write_item(
        **acting, item=an_item(text), about=[play.person(one) for one in about or ("son",)], happened_at=acting["now"]
    )


def tell_dks(play: Play, *rows: Item) -> list[Disclosure]:
    """Through the gate, in the SSP cooperation."""
    return tell(
        **play.by(),
        records=[("cases_item", row.root) for row in rows],
        to_agency=play.agency("dks"),
        terms=Terms(forum="ssp"),
        necessity="DKS arbejder med drengen.",
    )


def write(play: Play, text: str, *rows: Item, **values: Any) -> Letter:
    """A letter to the father about the son."""
    given = {"about": play.person("son"), "to_person": play.person("father"), "to_kind": "parent", "terms": Terms()} | values
    return write_letter(
        **play.by(), records=[("cases_item", one.root) for one in rows], text=text, necessity="Faren har spurgt.", **given
    )


def words_on(client: Client, play: Play, key: str, where: str) -> str:
    """The text of a page as this worker reads it."""
    client.force_login(play.cast[key])
    play.become(key)
    answer = client.get(where)
    assert answer.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.req("R-221")
def test_siblings_and_reporters_are_left_out_of_items_letters_and_statements(play: Play, client: Client) -> None:
    """What names them does not leave; its extract does; and no page or paper of the recipient knows them."""
    naming = {name: item_of(play, f"{MORE} {name} var der også.") for name in (SISTER, REPORTER, FATHER)}
    for item in naming.values():
        with refused(NamesOthers):
            tell_dks(play, item)
        assert not play.sees("dks", item)
    form = reverse("cases:act-uddrag", args=[play.case().matter.reference])
    for name, item in naming.items():
        offered = words_on(client, play, "vink", f"{form}?for={item.root}")
        assert MORE in offered and "[…]" in offered
        assert name.split()[1] not in offered, name
    extract = extracting.write_extract(
        **play.by(), root=naming[SISTER].root, about=[play.person("son")], text=f"{MORE} […] var der også."
    )
    [told] = tell_dks(play, extract)
    together = item_of(play, "Begge børn var hjemme.", "son", "sister")
    play.disclose(together, to="dks")
    with refused(NamesOthers):
        write(play, f"Kære far. Det var {REPORTER}, der ringede.", extract)
    with refused(NamesOthers):
        write(play, f"Kære far. Vi har også talt med {SISTER.split()[1]}.", extract)
    letter = write(play, f"Kære {FATHER}. {MORE}", extract)

    reference = play.case().matter.reference
    with as_owner():
        of_both = Disclosure.objects.get(record_root=together.root)
    [letter_as_pdf] = words_in(fetched(client, play, "letter-pdf", letter.root))
    tabs = [reverse(f"cases:{tab}", args=[reference]) for tab in ("case", "people", "timeline", "items", "sharing")]
    seen = [letter_as_pdf.replace(FATHER, ""), *(words_on(client, play, "dks", tab) for tab in tabs)]
    for row in (told, of_both):
        seen.append(words_on(client, play, "dks", address(play, "statement", row.root)))
        seen += words_in(fetched(client, play, "statement-pdf", row.root, "dks"))
    for text in seen:
        assert not [name for name in ("Søsternavn", "Søster", "Farsnavn", "Anmelder", "Prøvenavn") if name in text]
    assert MORE in seen[4], "and what is told is told"


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Søsternavn var der.", True),
        ("Det var Søsternavns telefon.", True),
        ("Nummeret er 010199-1234.", True),
        ("Nummeret er 0101991234.", True),
        ("Prøveperson Sønnenavn var der.", False),  # the son himself, and the name that they share
        ("Søsternavnet er et andet ord.", False),
        ("Hans søster var der.", False),  # spoken of, not named: a human looks
        ("x010199-12345", False),
    ],
)
def test_what_names_somebody_is_known_from_what_does_not(cast: dict[str, Worker], text: str, is_named: bool) -> None:
    people = {
        "son": a_person("Søn", name="Prøveperson Sønnenavn"),
        "sister": a_person("Søster", name=SISTER, cpr=SISTERS_NUMBER, is_involved=True),
    }
    play = Play(cast, people).to(Step.RECEIVED)
    play.admit("dks")
    item = item_of(play, text)
    if is_named:
        with refused(NamesOthers):
            play.disclose(item, to="dks")
    else:
        play.disclose(item, to="dks")


def test_who_is_known_to_the_recipient_is_no_third_person(play: Play) -> None:
    item = item_of(play, f"{SISTER} var der også.")
    play.disclose(play.people["sister"], to="dks")
    play.disclose(item, to="dks")
    with refused(NamesOthers):  # SSP knows nobody
        play.disclose(item, to="ssp")
    both = item_of(play, f"{SISTER} var der også.", "son", "sister")
    play.disclose(both, to="ssp")  # the law was asked about her, too


def test_a_correction_does_not_tell_of_third_persons_what_the_first_text_did_not(play: Play) -> None:
    item = item_of(play, MORE)
    play.disclose(item, to="dks")
    with refused(NamesOthers):
        noting.correct_item(**play.by(), root=item.root, text=f"{SISTER} var der også.", reason="Glemt.")
    with refused(NamesOthers):
        noting.correct_item(**play.by(), root=item.root, text="Rettet.", reason=f"Det var {REPORTER}, der tog fejl.")
    noting.correct_item(**play.by(), root=item.root, text="Rettet.", reason="Præciseret.")
    worker, _now = play.become("dks")
    assert [one.text for one in records_of(worker, play.case("dks"), Item) if one.root == item.root] == ["Rettet."]
    assert [one for one in records_of(worker, play.case("dks"), Task) if one.kind == Task.Kind.READ_CORRECTION]


def test_what_was_corrected_away_is_told_as_an_extract(play: Play) -> None:
    """The recipient would read the earlier version, too."""
    item = item_of(play, f"{SISTER} var der også.")
    noting.correct_item(**play.by(), root=item.root, text=MORE, reason="Uden andre.")
    with refused(NamesOthers):
        play.disclose(item, to="dks")
    extract = extracting.write_extract(**play.by(), root=item.root, about=[play.person("son")], text=MORE)
    play.disclose(extract, to="dks")
    assert play.sees("dks", extract) and not play.sees("dks", item)


def test_an_extract_keeps_what_the_item_is_and_leaves_it_as_it_was(play: Play) -> None:
    acting = play.by()
    about = [play.person("son"), play.person("sister")]
    item = noting.write_item(**acting, item=an_item(f"{SISTER} og han.", forum="ssp"), about=about, happened_at=acting["now"])
    extract = extracting.write_extract(**play.by(), root=item.root, about=about[:1], text=MORE)
    same = ("kind", "source", "reliability", "weight", "forum", "not_for_investigation", "happened_at")
    assert [getattr(extract, name) for name in same] == [getattr(item, name) for name in same]
    worker, _now = play.become("vink")
    kept = {one.root: one.text for one in records_of(worker, play.case(), Item)}
    assert (kept[item.root], kept[extract.root]) == (f"{SISTER} og han.", MORE)
    [event] = play.ledger("item.extracted")
    assert event.record_ids == [extract.root, item.root]
    with refused(NamesOthers):
        extracting.write_extract(**play.by(), root=item.root, about=about[:1], text=f"{SISTER} og han.")
    with refused(TextMissing):
        extracting.write_extract(**play.by(), root=item.root, about=about[:1], text=" ")
    with refused(NotInThisCase):
        extracting.write_extract(**play.by(), root=item.root, about=[], text=MORE)
    play.disclose(extract, to="dks")
    with refused(NotPermitted):
        extracting.write_extract(**play.by("dks"), root=extract.root, about=about[:1], text=MORE)
    with refused(NotVisible):
        extracting.write_extract(**play.by("dks"), root=item.root, about=about[:1], text=MORE)


def test_the_second_page_points_out_what_seems_to_speak_of_others(play: Play, client: Client) -> None:
    item = item_of(play, "Hans søster var der også.")
    plain = item_of(play, MORE)
    client.force_login(play.cast["vink"])
    form = reverse("cases:act-videregiv", args=[play.case().matter.reference])
    for row, is_pointed_out in ((item, True), (plain, False)):
        play.become("vink")
        hidden = dict(re.findall(r'name="(token|seen)" value="([^"]*)"', client.get(form).content.decode()))
        given = {"recipient": str(play.agency("dks")), "records": f"cases_item:{row.root}", "forum": "ssp", "trigger": ""}
        play.become("vink")
        looked = client.post(form, hidden | given | {"purpose": "crime-prevention", "categories": "private"})
        assert looked.status_code == 200
        assert ("Er der andre personer i det?" in looked.content.decode()) == is_pointed_out


def test_who_reported_is_compared_and_shown_nowhere(play: Play) -> None:
    with refused(NamesOthers) as caught:
        tell_dks(play, item_of(play, f"{REPORTER} ringede."))
    assert "Prøvenavn" not in caught.value.sentence and "Anmelder" not in caught.value.sentence
