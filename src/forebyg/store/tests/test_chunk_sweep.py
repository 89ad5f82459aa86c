"""Files that no row knows of are removed, when they are old enough, and no others."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.database import clone, database_of_this_process, superuser

from forebyg.store.chunk_sweep import SweptFiles, sweep_files
from forebyg.store.chunks import SealedFolder
from forebyg.store.key_sweep import USUAL_AGE, SweepRefused

DAY = 86400.0


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> str:
    name = f"{database_of_this_process()}_files"
    clone(name)
    return name


@pytest.fixture
def owner(database: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection; rows of documents can be put there without a case around them."""
    with superuser(database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("TRUNCATE cases_document")
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> SealedFolder:
    return SealedFolder(tmp_path)


def a_file(folder: SealedFolder, *, days_old: float) -> uuid.UUID:
    content = uuid.uuid4()
    path = folder.made(folder.path(content).parent) / str(content)
    path.write_bytes(b"sealed")
    os.utime(path, (time.time() - days_old * DAY,) * 2)
    return content


def a_row(owner: psycopg.Connection[Any], content: uuid.UUID) -> None:
    owner.execute(
        "INSERT INTO cases_document (id, root, matter_id, owner_id, author_id, readers, about, version, is_current, happened_at,"
        " recorded_at, kind, name, size, pages, content, is_scanned, forum, not_for_investigation, text, correction_reason,"
        " retraction)"
        " SELECT g, g, g, g, g, ARRAY[g], '{}', 1, true, now(), now(), 'pdf', '', 6, 0, %s, false, 'own', false, '', '', ''"
        " FROM gen_random_uuid() g",
        [content],
    )


def test_old_files_without_a_row_are_removed(folder: SealedFolder, owner: psycopg.Connection[Any]) -> None:
    known, orphan, new = (a_file(folder, days_old=days) for days in (9, 9, 1))
    a_row(owner, known)
    unfinished = folder.made(folder.incoming) / str(uuid.uuid4())
    unfinished.write_bytes(b"cut off")
    os.utime(unfinished, (time.time() - 9 * DAY,) * 2)
    assert sweep_files(folder, owner) == SweptFiles(3, 2)
    assert {content for content, _ in folder.contents()} == {known, new}
    assert not unfinished.exists()
    assert folder.path(orphan).parent.exists()


def test_a_database_that_knows_none_has_no_say(folder: SealedFolder, owner: psycopg.Connection[Any]) -> None:
    a_file(folder, days_old=9)
    with pytest.raises(SweepRefused):
        sweep_files(folder, owner)
    assert len(list(folder.contents())) == 1


def test_what_may_still_be_on_its_way_is_not_looked_at(folder: SealedFolder, owner: psycopg.Connection[Any]) -> None:
    with pytest.raises(SweepRefused):
        sweep_files(folder, owner, older_than=3600)
    assert sweep_files(folder, owner, older_than=USUAL_AGE) == SweptFiles(0, 0)
