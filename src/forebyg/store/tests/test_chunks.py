"""Sealed files: what was cut, reordered or exchanged does not open, and nothing of the content lies on the disk in clear."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from forebyg.store.chunks import CHUNK, OVERHEAD, ContentDamaged, SealedDraft, SealedFile, SealedFolder, open_content
from forebyg.store.keys import KeyStore

WHOLE = CHUNK + OVERHEAD


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyStore:
    for name in ("FOREBYG_MASTER_KEY", "FOREBYG_MASTER_KEY_FILE", "FOREBYG_MASTER_KEY_NEXT"):
        monkeypatch.delenv(name, raising=False)
    return KeyStore(tmp_path / "keys")


@pytest.fixture
def folder(tmp_path: Path) -> SealedFolder:
    return SealedFolder(tmp_path)


def kept(folder: SealedFolder, store: KeyStore, content: bytes, *, part: int = 70_001) -> SealedDraft:
    """A content that was written in parts of this size and has its place."""
    draft = SealedDraft(folder, store)
    for start in range(0, len(content), part):
        draft.write(content[start : start + part])
    draft.finish()
    with draft.kept():
        pass
    return draft


def opened(folder: SealedFolder, store: KeyStore, draft: SealedDraft) -> SealedFile:
    return open_content(folder, draft.content, store.read([draft.key_id])[draft.key_id], draft.size)


def read(folder: SealedFolder, store: KeyStore, draft: SealedDraft) -> bytes:
    return b"".join(opened(folder, store, draft).chunks())


@pytest.mark.req("R-220", part="the content of documents is encrypted at rest")
@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17])
def test_what_was_written_is_read_and_lies_sealed(folder: SealedFolder, store: KeyStore, size: int) -> None:
    content = os.urandom(64) * (size // 64 + 1)
    draft = kept(folder, store, content[:size])
    assert read(folder, store, draft) == content[:size]
    sealed = folder.path(draft.content).read_bytes()
    assert content[:64] not in sealed
    assert len(sealed) == size + -(-size // CHUNK) * OVERHEAD
    assert list(folder.incoming.iterdir()) == []


def test_any_place_can_be_read(folder: SealedFolder, store: KeyStore) -> None:
    content = os.urandom(2 * CHUNK + 100)
    file = opened(folder, store, kept(folder, store, content))
    for at, number in ((0, 10), (CHUNK - 5, 10), (2 * CHUNK - 1, 500), (5, 2 * CHUNK), (len(content), 1)):
        file.seek(at)
        assert file.read(number) == content[at : at + number]
        assert file.tell() == min(at + number, len(content))
    file.seek(-7, os.SEEK_END)
    assert file.read() == content[-7:]
    file.close()


def _cut_the_last_chunk(sealed: bytes) -> bytes:
    return sealed[: 2 * WHOLE]


def _cut_a_byte(sealed: bytes) -> bytes:
    return sealed[:-1]


def _exchange_two_chunks(sealed: bytes) -> bytes:
    return sealed[WHOLE : 2 * WHOLE] + sealed[:WHOLE] + sealed[2 * WHOLE :]


def _change_a_bit(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


def _repeat_a_chunk(sealed: bytes) -> bytes:
    return sealed[:WHOLE] + sealed[:WHOLE] + sealed[2 * WHOLE :]


@pytest.mark.parametrize(
    "change",
    [_cut_the_last_chunk, _cut_a_byte, _exchange_two_chunks, _change_a_bit, _repeat_a_chunk],
    ids=lambda one: one.__name__,
)
def test_a_changed_file_does_not_open(folder: SealedFolder, store: KeyStore, change: object) -> None:
    draft = kept(folder, store, os.urandom(2 * CHUNK + 100))
    path = folder.path(draft.content)
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(ContentDamaged):
        read(folder, store, draft)


def test_a_file_that_was_cut_at_a_chunk_does_not_pass_for_a_smaller_one(folder: SealedFolder, store: KeyStore) -> None:
    draft = kept(folder, store, os.urandom(2 * CHUNK + 100))
    path = folder.path(draft.content)
    path.write_bytes(path.read_bytes()[: 2 * WHOLE])
    draft.size = 2 * CHUNK  # as if the row had been changed with it
    with pytest.raises(ContentDamaged):
        read(folder, store, draft)


def test_one_documents_file_does_not_open_in_anothers_place(folder: SealedFolder, store: KeyStore) -> None:
    one, other = kept(folder, store, b"a" * 100), kept(folder, store, b"b" * 100)
    folder.path(other.content).write_bytes(folder.path(one.content).read_bytes())
    with pytest.raises(ContentDamaged):
        opened(folder, store, other)
    with pytest.raises(ContentDamaged), folder.path(other.content).open("rb") as file:
        # with the key of the one it was sealed by, too
        SealedFile(file, other.content, store.read([one.key_id])[one.key_id], 100).chunk(0)


def test_a_missing_file_is_said_to_be(folder: SealedFolder, store: KeyStore) -> None:
    draft = kept(folder, store, b"a")
    folder.path(draft.content).unlink()
    with pytest.raises(ContentDamaged) as caught:
        opened(folder, store, draft)
    assert "sikkerhedskopi" in caught.value.sentence


def test_what_is_not_kept_leaves_nothing(folder: SealedFolder, store: KeyStore) -> None:
    draft = SealedDraft(folder, store)
    draft.write(b"x" * (CHUNK + 1))
    draft.discard()
    failing = SealedDraft(folder, store)
    failing.write(b"x")
    failing.finish()
    with pytest.raises(ZeroDivisionError), failing.kept():
        assert folder.path(failing.content).exists()
        raise ZeroDivisionError
    failing.discard()
    assert [path for path in folder.folder.rglob("*") if path.is_file()] == []


def test_contents_are_found_by_their_ids(folder: SealedFolder, store: KeyStore) -> None:
    drafts = [kept(folder, store, b"x") for _ in range(3)]
    unfinished = SealedDraft(folder, store)
    assert {content for content, _ in folder.contents()} == {draft.content for draft in drafts}
    unfinished.discard()
    assert all(isinstance(content, uuid.UUID) for content, _ in folder.contents())
