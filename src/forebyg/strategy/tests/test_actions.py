"""Loading packs: idempotent, all or nothing, and a loaded version never changes (R-164)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import as_owner
from django.db import DatabaseError, transaction

from forebyg.strategy.actions import VersionChanged, load_pack
from forebyg.strategy.models import PackEdition
from forebyg.strategy.queries import PackNotLoaded, current_pack, pack_edition
from forebyg.strategy.reading import PACKS, PackInvalid, read_pack

TOWN = "proeveby-2016"
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _as_the_owner_who_loads(db: None) -> Iterator[None]:
    with as_owner():
        yield


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """The file of a pack that nobody has loaded."""
    return edited(tmp_path)


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    text = (PACKS / "lilleby-2016.yaml").read_text(encoding="utf-8")
    for old, new in (("id: lilleby-2016", f"id: {TOWN}"), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / f"{len(changes)}-{TOWN}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.req("R-164", "R-175")
def test_a_pack_is_loaded_as_a_version_and_read_back_whole(town: Path) -> None:
    edition = load_pack(path=town, now=NOON)
    assert (edition.pack_id, edition.version, edition.loaded_at) == (TOWN, "1.0.0", NOON)
    assert current_pack(TOWN) == read_pack(town)


def test_loading_the_same_content_again_changes_nothing(town: Path) -> None:
    first = load_pack(path=town, now=NOON)
    again = load_pack(path=town, now=NOON + HOUR)
    assert again.pk == first.pk
    assert again.loaded_at == NOON
    assert PackEdition.objects.filter(pack_id=TOWN).count() == 1


def test_other_layout_of_the_same_content_is_the_same_content(town: Path, tmp_path: Path) -> None:
    first = load_pack(path=town, now=NOON)
    laid_out = edited(tmp_path, ("  publisher: {da:", "  # en bemærkning\n  publisher: {da:"), ("year: 2016", "year:    2016"))
    assert load_pack(path=laid_out, now=NOON + HOUR).pk == first.pk


def test_a_loaded_version_with_other_content_is_refused(town: Path, tmp_path: Path) -> None:
    load_pack(path=town, now=NOON)
    with pytest.raises(VersionChanged) as caught:
        load_pack(path=edited(tmp_path, ("hours: 24", "hours: 12")), now=NOON + HOUR)
    assert "proeveby-2016 version 1.0.0" in caught.value.sentence
    assert current_pack(TOWN).triage_hours["high"] == 24


@pytest.mark.req("R-165", part="earlier versions are kept")
def test_a_new_version_becomes_current_and_the_earlier_one_stays(town: Path, tmp_path: Path) -> None:
    load_pack(path=town, now=NOON)
    load_pack(path=edited(tmp_path, ("version: 1.0.0", "version: 1.1.0"), ("hours: 24", "hours: 12")), now=NOON + HOUR)
    assert current_pack(TOWN).triage_hours["high"] == 12
    assert pack_edition(TOWN, "1.0.0").triage_hours["high"] == 24


def test_a_pack_with_a_problem_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid):
        load_pack(path=edited(tmp_path, ("hours: 24", "hours: mange")), now=NOON)
    assert not PackEdition.objects.filter(pack_id=TOWN).exists()


def test_a_pack_that_is_not_loaded_says_so() -> None:
    with pytest.raises(PackNotLoaded) as caught:
        current_pack("ukendt-pakke")
    assert "ukendt-pakke" in caught.value.sentence
    with pytest.raises(PackNotLoaded):
        pack_edition(TOWN, "9.9.9")


def test_the_database_refuses_to_change_or_remove_an_edition(town: Path) -> None:
    edition = load_pack(path=town, now=NOON)
    editions = PackEdition.objects.filter(pk=edition.pk)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        editions.update(version="2.0.0")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        editions.delete()


def test_the_second_reading_in_a_process_asks_only_for_the_hash(town: Path, django_assert_num_queries: object) -> None:
    load_pack(path=town, now=NOON)
    first = current_pack(TOWN)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert current_pack(TOWN) is first
