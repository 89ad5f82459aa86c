"""Minutes of an item: for those who took part in it, and for nobody else (R-048)."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forebyg.access.models import Worker
from forebyg.access.tests.rows import count, insert, rows, run
from forebyg.access.tests.rows import refused as refused_by_postgresql
from forebyg.cases import rules as case_rules
from forebyg.cases.actions.disclosing import KeptAmongOthers
from forebyg.cases.finding import NotLawful, Terms
from forebyg.cases.models import Disclosure, Task
from forebyg.cases.tests.cast import Play, refused
from forebyg.core.errors import NotPermitted, NotVisible
from forebyg.core.ids import new_id
from forebyg.meetings import rules
from forebyg.meetings.actions import correct_minutes, write_minutes
from forebyg.meetings.models import Minutes
from forebyg.meetings.tests.sitting import NEED, TEXT, at_the_unit, read_by, take_up, write
from forebyg.sharing.actions import tell, write_letter
from forebyg.sharing.models import Doubt
from forebyg.sharing.reviewing import clarify_doubt, raise_doubt

CORRECTED = "Enheden var enig om, at SSP taler med familien."
WHY = "Det fremgik ikke, hvem der taler med familien."


@pytest.fixture
def play(cast: dict[str, Worker]) -> Play:
    return at_the_unit(cast)


def _address(play: Play, slug: str) -> str:
    return reverse(f"cases:act-{slug}", args=[play.case().matter.reference])


def _correct(play: Play, root: uuid.UUID, *, by: str = "sekretariat", text: str = CORRECTED, reason: str = WHY) -> Minutes:
    return correct_minutes(**play.by(by), root=root, text=text, reason=reason)


@pytest.mark.req("R-048")
def test_minutes_are_read_and_printed_by_those_who_took_part_in_the_item_and_by_nobody_else(play: Play, client: Client) -> None:
    item = take_up(play, "sekretariat", "dks", "ssp")
    play.pass_time(hours=2)
    client.force_login(play.become("sekretariat")[0])
    sent = {
        "target": str(item.root),
        "taking_part": [str(play.agency(key)) for key in ("sekretariat", "vink", "dks")],
        "about": [str(one) for one in play.subjects],
        "text": TEXT,
        "necessity": NEED,
    }
    assert client.post(_address(play, "referat"), sent).status_code == 302
    worker, _now = play.become("sekretariat")
    (minutes,) = Minutes.objects.filter(matter=play.matter_id)
    assert (minutes.owner_id, minutes.forum, minutes.not_for_investigation) == (worker.agency_id, "ssp", True)
    ((sealed,),) = rows("SELECT text FROM meetings_minutes WHERE id = %s", minutes.id)
    assert TEXT.encode() not in bytes(sealed)

    # Through the pages, printed with the purpose mark; and asked of PostgreSQL as the web role.
    reference = play.case().matter.reference
    tab, paper = reverse("meetings:meetings", args=[reference]), reverse("meetings:minutes", args=[reference, minutes.root])
    for key in ("sekretariat", "vink", "dks"):
        client.force_login(play.become(key)[0])
        assert TEXT in client.get(tab).content.decode()
        page = client.get(paper).content.decode()
        assert TEXT in page and "Ikke til efterforskning" in page and "Kun i SSP" in page
        assert (
            "data-purpose" in page
            and "data-purpose" in client.get(reverse("meetings:item", args=[reference, item.root])).content.decode()
        )
        play.become(key)
        assert count("meetings_minutes", root=minutes.root) == 1
    for key in ("ssp", "kriminalforsorg", "psykiatri", "sof", "administrator", "dpo"):
        client.force_login(play.become(key)[0])
        assert client.get(paper).status_code == 404
        assert TEXT not in client.get(tab).content.decode()
        play.become(key)
        assert count("meetings_minutes", root=minutes.root) == 0, key
        assert count("cases_timelineentry", record_root=minutes.root) == 0

    # Never by another door: SSP was to attend and did not, and no way of telling leads round that.
    for key in ("ssp", "kriminalforsorg"):
        with refused(KeptAmongOthers):
            play.disclose(minutes, to=key, by="sekretariat")
        with refused(KeptAmongOthers if key == "ssp" else NotLawful):
            _tell(play, minutes, key)
        with refused_by_postgresql():
            _by_hand(play, minutes, key)

    # A correction is a new version for the same readers, who are told.
    _correct(play, minutes.root)
    for key in ("vink", "dks"):
        client.force_login(play.become(key)[0])
        page = client.get(paper).content.decode()
        assert CORRECTED in page and TEXT not in page and WHY in page
        told = Task.objects.visible_to(play.become(key)[0]).filter(kind=Task.Kind.READ_CORRECTION, concerns=minutes.root)
        assert told.filter(assigned_to=play.agency(key)).exists()
    assert not read_by(play, "ssp", minutes.root)


def _by_hand(play: Play, minutes: Minutes, key: str) -> None:
    """A disclosure as PostgreSQL sees one that the application did not check."""
    worker, _now = play.become("sekretariat")
    root = new_id()
    insert(
        "cases_disclosure",
        id=root,
        root=root,
        matter_id=play.matter_id,
        owner_id=worker.agency_id,
        author_id=worker.id,
        recipient_id=play.agency(key),
        record_table="meetings_minutes",
        record_root=minutes.root,
        readers=[],
        about=[],
        version=1,
        is_current=True,
    )


def _tell(play: Play, minutes: Minutes, key: str) -> None:
    tell(
        **play.by("sekretariat"),
        records=[("meetings_minutes", minutes.root)],
        to_agency=play.agency(key),
        terms=Terms(forum="ssp"),
        necessity=NEED,
    )


def test_each_participant_gets_the_minutes_by_a_finding_in_the_items_forum(play: Play) -> None:
    written = write(play, take_up(play, "sekretariat", "dks"), "vink", "dks")
    assert written.held_back == []
    play.become("sekretariat")
    told = Disclosure.objects.filter(record_root=written.minutes.root)
    assert {row.recipient_id for row in told} == {play.agency("vink"), play.agency("dks")}
    assert all(row.finding["outcome"] == "allowed" for row in told)
    assert {row.finding["forum"] for row in told if row.recipient_id == play.agency("dks")} == {"ssp"}
    assert [event.codes for event in play.ledger("minutes.written")] == [{"forum": "ssp"}]
    assert len(play.ledger("record.disclosed")) == len(play.people) + 2


def test_whom_the_law_does_not_let_have_them_is_held_back_and_the_writer_is_told(play: Play) -> None:
    item = take_up(play, "sekretariat", "dks")
    raise_doubt(**play.by("dks"), text="Må SSP bruges her?")
    written = write(play, item, "vink", "dks")
    assert [name for name, _why in written.held_back] == ["DKS", "VINK"]
    assert all(why.endswith(".") for _name, why in written.held_back)
    for key in ("vink", "dks"):
        assert not read_by(play, key, written.minutes.root)
    assert read_by(play, "sekretariat", written.minutes.root), "they are written down all the same"
    clarify_doubt(
        **play.by("vink"),
        doubt=Doubt.objects.get(matter=play.matter_id).id,
        is_in_favour=True,
        clarified_by="Myndighedens jurist",
        clarified_on=timezone.localdate(play.now),
        text="SSP kan bruges.",
    )
    _tell(play, written.minutes, "dks")
    assert read_by(play, "dks", written.minutes.root), "and told when the law allows it"


def test_no_letter_tells_what_is_in_them(play: Play) -> None:
    minutes = write(play, take_up(play, "sekretariat", "dks"), "dks", about=[play.person("son")]).minutes
    with refused(KeptAmongOthers):
        write_letter(
            **play.by("sekretariat"),
            about=play.person("son"),
            to_person=play.person("son"),
            to_kind="citizen",
            records=[("meetings_minutes", minutes.root)],
            terms=Terms(),
            text="Enheden har talt om dig.",
            necessity=NEED,
        )


def test_minutes_are_the_secretariats_after_the_meeting_once_and_of_those_who_attend(play: Play) -> None:
    item = take_up(play, "sekretariat", "dks")
    with refused(rules.MeetingNotHeld):
        write_minutes(
            **play.by("sekretariat"),
            item=item.root,
            text=TEXT,
            about=[],
            taking_part=[play.agency("sekretariat")],
            necessity=NEED,
        )
    with refused(rules.NotTheMinuteTaker):
        write(play, item, "dks", by="vink")
    with refused(NotPermitted):
        write(play, item, by="dks")
    for key in ("ssp", "kriminalforsorg"):
        with refused(rules.NotAttending):
            write(play, item, key)
    with refused(rules.NotAttending):
        write(play, item, taking_part=[play.agency("dks")])
    with refused(case_rules.TextMissing):
        write(play, item, text=" ")
    with refused(case_rules.TextMissing):
        write(play, item, necessity="")
    with refused(case_rules.NotInThisCase):
        write(play, item, about=[uuid.uuid4()])
    write(play, item, "dks")
    with refused(rules.AlreadyWritten):
        write(play, item, "dks")


def test_an_item_that_one_does_not_attend_is_not_there(play: Play) -> None:
    item = take_up(play, "dks")
    with refused(NotVisible):
        write(play, item)
    other = at_the_unit(play.cast)
    with refused(NotVisible):
        write(other, take_up(play, "sekretariat", "dks"))


def test_only_the_writer_corrects_and_with_a_reason(play: Play) -> None:
    minutes = write(play, take_up(play, "sekretariat", "dks"), "vink", "dks").minutes
    with refused(rules.NotTheMinuteTaker):
        _correct(play, minutes.root, by="vink")
    with refused(NotVisible):
        _correct(play, minutes.root, by="ssp")
    with refused(case_rules.TextMissing):
        _correct(play, minutes.root, reason="")
    renewed = _correct(play, minutes.root)
    assert (renewed.version, renewed.taking_part) == (2, minutes.taking_part)
    assert len(play.ledger("minutes.corrected")) == 1


def test_postgresql_takes_minutes_of_an_attended_item_only_and_a_correction_changes_no_participant(play: Play) -> None:
    item = take_up(play, "sekretariat", "dks")
    worker, _now = play.become("sekretariat")

    def minutes(**values: object) -> uuid.UUID:
        root = new_id()
        given = {
            "id": root,
            "root": root,
            "matter_id": play.matter_id,
            "owner_id": worker.agency_id,
            "author_id": worker.id,
            "item": item.root,
            "forum": "ssp",
            "not_for_investigation": True,
            "taking_part": [worker.agency_id, play.agency("dks")],
            "readers": [play.agency("ssp")],
            "about": [],
            "version": 1,
            "is_current": True,
        }
        return insert("meetings_minutes", **given | values)

    for wrong in ({"item": uuid.uuid4()}, {"forum": "ksp"}, {"taking_part": [play.agency("ssp")]}):
        with refused_by_postgresql():
            minutes(**wrong)
    kept = minutes()
    assert rows("SELECT readers FROM meetings_minutes WHERE id = %s", kept) == [([worker.agency_id],)]
    second = minutes(id=new_id(), root=kept, version=2, taking_part=[play.agency("ssp")], item=uuid.uuid4(), forum="none")
    assert rows("SELECT item, forum, taking_part FROM meetings_minutes WHERE id = %s", second) == [
        (item.root, "ssp", [worker.agency_id, play.agency("dks")])
    ]
    with refused_by_postgresql():
        run("UPDATE meetings_minutes SET taking_part = %s WHERE id = %s", [play.agency("ssp")], second)
