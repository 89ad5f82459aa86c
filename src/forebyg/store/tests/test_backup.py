"""Backups are whole, verified and never look like one when they are not; what comes back is what was kept, with its guards."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.database import clone, database_of_this_process, superuser

from forebyg.store.backup import database as backup_of_database
from forebyg.store.backup import folder as backup_folder
from forebyg.store.backup.database import DUMP, DatabaseManifest, back_up_database, restore_database
from forebyg.store.backup.documents import DOCUMENTS, unpack
from forebyg.store.backup.folder import BackupFailed, RestoreFailed, kind_of, read_manifest
from forebyg.store.backup.keys import KeysManifest, back_up_keys, left_by_restores, restored_keys
from forebyg.store.backup.protection import protection
from forebyg.store.chunks import SealedDraft, SealedFolder, open_content
from forebyg.store.destroyed_keys import agree
from forebyg.store.key_report import Fit, fit
from forebyg.store.key_rotation import rotate
from forebyg.store.keys import NONCE_BYTES, KeyStore
from forebyg.store.master_key import KeyStoreUnavailable
from forebyg.store.roles import OWNER, WEB, ensure_roles_and_database

Connection = psycopg.Connection[Any]
SignIn = Callable[[str, str], Connection]
TEXT = "Opfundet tekst om ingen: æøå"


def _quiet(*_: object) -> None:
    pass


@pytest.fixture(autouse=True)
def no_master_key_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOREBYG_MASTER_KEY", "FOREBYG_MASTER_KEY_FILE", "FOREBYG_MASTER_KEY_NEXT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def source(django_db_setup: None) -> str:
    """A database with the demo's workers, and a table of notes that are sealed."""
    name = f"{database_of_this_process()}_backup"
    clone(name)
    with superuser(name) as connection:
        connection.execute("SET SESSION AUTHORIZATION forebyg_owner")
        connection.execute("CREATE TABLE note (key_id uuid, content bytea)")
    return name


@pytest.fixture
def sign_in(source: str) -> Iterator[SignIn]:
    """Connections to a database as a role, closed after the test."""
    with contextlib.ExitStack() as stack:

        def connect(database: str, role: str) -> Connection:
            return stack.enter_context(
                psycopg.connect(host=os.environ["FOREBYG_DATABASE_HOST"], user=role, dbname=database, autocommit=True)
            )

        yield connect


@pytest.fixture
def owner(source: str, sign_in: SignIn) -> Connection:
    """The owner of the database that is backed up; its notes are gone."""
    connection = sign_in(source, OWNER)
    connection.execute("TRUNCATE note, store_destroyed_key")
    return connection


@pytest.fixture
def empty(sign_in: SignIn) -> Connection:
    """The owner of a new and empty database, prepared as `forebyg roles` does."""
    name = f"{database_of_this_process()}_restored"
    with superuser() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        ensure_roles_and_database(connection, database=name)
    return sign_in(name, OWNER)


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys")


def _note(owner: Connection, store: KeyStore) -> uuid.UUID:
    key_id, key = store.draw()
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, TEXT.encode(), None)
    owner.execute("INSERT INTO note VALUES (%s, %s)", [key_id, sealed])
    return key_id


def _read(owner: Connection, store: KeyStore) -> dict[uuid.UUID, str | None]:
    """Key → the text of each note, or None where it can't be opened."""
    rows = dict(owner.execute("SELECT key_id, content FROM note").fetchall())
    keys = store.read(rows)
    return {
        key_id: AESGCM(keys[key_id]).decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], None).decode()
        if key_id in keys
        else None
        for key_id, value in rows.items()
    }


def _fit(store: KeyStore, owner: Connection) -> Fit:
    return next(one for one in fit(store, owner, tell=_quiet) if one.table == "note")


def _restore_keys(backup: Path, folder: Path, master_key: Path, *destroyed_in: Path) -> KeyStore:
    """Where the key store was, with the master key as its keeper has it."""
    folder.mkdir(mode=0o700)
    shutil.copy2(master_key, folder / "master.key")
    with restored_keys(backup, folder, destroyed_in=destroyed_in, tell=_quiet) as put:
        put()
    return KeyStore(folder)


def test_the_database_comes_back_as_it_was_with_its_ledger_triggers_policies_and_rights(
    owner: Connection, empty: Connection, store: KeyStore, tmp_path: Path, sign_in: SignIn
) -> None:
    _note(owner, store)
    owner.execute(
        "INSERT INTO audit_event (id, at, action, matter_ids, record_ids, codes, reason)"
        " VALUES (gen_random_uuid(), now(), 'tested', '{}', '{}', '{}', '')"
    )
    told: list[tuple[str, int, int]] = []
    kept = back_up_database(owner, tmp_path / "backups", tell=lambda *one: told.append(one))
    assert kind_of(kept) == "database"
    assert {path.name for path in kept.parent.iterdir()} == {kept.name}
    assert {oct(path.stat().st_mode & 0o777) for path in kept.iterdir()} == {"0o600"}
    assert {doing.split(" ")[0] for doing, _, _ in told} == {"Kopierer", "Efterprøver"}
    assert all(done <= total for _, done, total in told)
    manifest = restore_database(empty, kept, tell=_quiet)
    assert manifest.rows["public.note"] == 1
    assert manifest.rows["public.access_worker"] > 10
    for table in ("audit_event", "access_worker", "django_migrations", "note"):
        rows = f"SELECT array_agg(t::text ORDER BY t::text) FROM {table} t"
        assert empty.execute(rows).fetchall() == owner.execute(rows).fetchall(), table
    assert protection(empty) == protection(owner) == manifest.protection
    for forbidden in ("UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event CASCADE"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            empty.execute(forbidden)
    web = sign_in(empty.info.dbname, WEB)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("SELECT * FROM note")
    assert web.execute("SELECT count(*) FROM cases_item").fetchall() == [(0,)]


def test_protection_notices_a_guard_that_is_gone(owner: Connection) -> None:
    before = protection(owner)
    changes = {
        "policies": "ALTER POLICY read_whole ON cases_item USING (true)",
        "row security and owners": "ALTER TABLE cases_item DISABLE ROW LEVEL SECURITY",
        "triggers": "ALTER TABLE audit_event DISABLE TRIGGER for_ever",
        "functions": "ALTER FUNCTION access.me() SECURITY INVOKER",
        "rights to tables": "GRANT DELETE ON cases_item TO forebyg_web",
        "rights to columns": "GRANT UPDATE (reason) ON audit_event TO forebyg_web",
        "rights to functions": "GRANT EXECUTE ON FUNCTION store.now() TO PUBLIC",
        "rights to schemas": "GRANT CREATE ON SCHEMA store TO forebyg_web",
        "default rights": "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO forebyg_web",
    }
    assert changes.keys() == before.keys()
    for aspect, change in changes.items():
        with owner.transaction(force_rollback=True):
            owner.execute(change)
            after = protection(owner)
            assert [name for name in before if before[name] != after[name]] == [aspect]


def test_what_is_written_meanwhile_is_not_in_the_backup_and_does_not_disturb_it(
    owner: Connection, store: KeyStore, tmp_path: Path, source: str, sign_in: SignIn
) -> None:
    other, first = sign_in(source, OWNER), _note(owner, store)

    def write(*_: object) -> None:
        _note(other, store)

    kept = back_up_database(owner, tmp_path, tell=write)
    assert read_manifest(kept, DatabaseManifest).rows["public.note"] == 1
    assert len(_read(owner, store)) > 1
    assert first in _read(owner, store)


def test_a_database_that_is_not_empty_is_left_alone(owner: Connection, tmp_path: Path) -> None:
    kept = back_up_database(owner, tmp_path, tell=_quiet)
    with pytest.raises(RestoreFailed, match="ikke tom"):
        restore_database(owner, kept, tell=_quiet)


def test_a_changed_or_incomplete_backup_is_refused(owner: Connection, empty: Connection, tmp_path: Path) -> None:
    kept = back_up_database(owner, tmp_path, tell=_quiet)
    whole = (kept / DUMP).read_bytes()
    (kept / DUMP).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(RestoreFailed, match="ændret"):
        restore_database(empty, kept, tell=_quiet)
    (kept / DUMP).unlink()
    with pytest.raises(RestoreFailed, match="mangler"):
        restore_database(empty, kept, tell=_quiet)
    (kept / "backup.json").write_text('{"kind": "database"}')
    with pytest.raises(RestoreFailed, match="taken_at"):
        restore_database(empty, kept, tell=_quiet)
    (kept / "backup.json").unlink()
    with pytest.raises(RestoreFailed, match=r"backup\.json mangler"):
        restore_database(empty, kept, tell=_quiet)
    assert empty.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]


def test_a_dump_that_lacks_a_row_is_not_kept(owner: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = backup_of_database._rows
    monkeypatch.setattr(backup_of_database, "_rows", lambda connection: rows(connection) | {"public.note": 1})
    with pytest.raises(BackupFailed, match=r"public\.note"):
        back_up_database(owner, tmp_path, tell=_quiet)
    assert list(tmp_path.iterdir()) == []


def test_a_restore_that_breaks_leaves_the_database_empty(
    owner: Connection, empty: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = back_up_database(owner, tmp_path, tell=_quiet)
    whole = (kept / DUMP).read_bytes()
    (kept / DUMP).write_bytes(whole[: len(whole) * 2 // 3])
    monkeypatch.setattr(backup_folder, "digest", lambda path: read_manifest_digest)
    read_manifest_digest = DatabaseManifest.model_validate_json((kept / "backup.json").read_text()).files[DUMP]
    with pytest.raises(RestoreFailed, match="intet er ændret"):
        restore_database(empty, kept, tell=_quiet)
    assert empty.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]


def test_a_killed_backup_does_not_look_like_one_and_is_cleared_away_by_the_next(
    owner: Connection, tmp_path: Path, store: KeyStore
) -> None:
    program = (
        "import os, pathlib, sys; from forebyg.store.backup.folder import unfinished\n"
        "with unfinished(pathlib.Path(sys.argv[1])) as folder:\n"
        "    (folder / 'half').write_text('x'); print('writing', flush=True); sys.stdin.read()"
    )
    folder = tmp_path / "backups"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        with pytest.raises(BackupFailed, match="En anden"):
            back_up_keys(store, folder, tell=_quiet)
        process.send_signal(signal.SIGKILL)
    assert [path.name.startswith(".unfinished-") for path in folder.iterdir()] == [True]
    kept = back_up_keys(store, folder, tell=_quiet)
    assert list(folder.iterdir()) == [kept]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 100 kB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(place)], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"a small disk takes the right to mount one: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_said_and_nothing_is_left(owner: Connection, store: KeyStore, small_disk: Path) -> None:
    with pytest.raises(BackupFailed, match="ikke plads"):
        back_up_database(owner, small_disk, tell=_quiet)
    assert list(small_disk.iterdir()) == []
    for _ in range(2000):
        store.draw()
    with pytest.raises(BackupFailed, match="ikke plads"):
        back_up_keys(store, small_disk, tell=_quiet)
    assert list(small_disk.iterdir()) == []


def test_a_backup_of_the_keys_opens_with_the_master_key_only(store: KeyStore, tmp_path: Path) -> None:
    drawn = dict(store.draw() for _ in range(3))
    gone = store.draw()[0]
    wrapped = store.file.connection.execute("SELECT wrapped FROM data_key WHERE id = ?", [gone.bytes]).fetchone()[0]
    store.destroy([gone])
    kept = back_up_keys(store, tmp_path / "apart", tell=_quiet)
    manifest = read_manifest(kept, KeysManifest)
    assert (manifest.keys, manifest.destroyed) == (127, 1)
    everything = b"".join(path.read_bytes() for path in kept.iterdir())
    assert wrapped not in everything
    assert (tmp_path / "keys" / "master.key").read_bytes() not in everything
    restored = _restore_keys(kept, tmp_path / "restored", tmp_path / "keys" / "master.key")
    assert restored.read([*drawn, gone]) == drawn
    assert {path.name for path in (tmp_path / "restored").iterdir()} == {"keys.sqlite3", "master.key"}
    other = KeyStore(tmp_path / "other").file.folder / "master.key"
    with pytest.raises(KeyStoreUnavailable, match="passer"):
        _restore_keys(kept, tmp_path / "wrong", other)
    assert not (tmp_path / "wrong" / "keys.sqlite3").exists()


def test_a_key_store_that_is_there_is_not_written_over(store: KeyStore, tmp_path: Path) -> None:
    kept = back_up_keys(store, tmp_path / "apart", tell=_quiet)
    before = (tmp_path / "keys" / "keys.sqlite3").read_bytes()
    with (
        pytest.raises(RestoreFailed, match="findes"),
        restored_keys(kept, tmp_path / "keys", destroyed_in=(), tell=_quiet) as put,
    ):
        put()
    assert (tmp_path / "keys" / "keys.sqlite3").read_bytes() == before


# --- backups of different moments (docs/operations.md)


def test_what_a_killed_restore_left_is_removed_by_the_next(store: KeyStore, tmp_path: Path) -> None:
    kept = back_up_keys(store, tmp_path / "backups", tell=_quiet)
    left = tmp_path / "new" / ".restoring-killed"
    left.mkdir(parents=True)
    shutil.copy(kept / "keys.sqlite3", left)
    shutil.copy2(tmp_path / "keys/master.key", tmp_path / "new")
    with restored_keys(kept, tmp_path / "new", destroyed_in=[], tell=_quiet) as put:
        assert left not in left_by_restores(tmp_path / "new")
        put()
    assert left_by_restores(tmp_path / "new") == []


@pytest.mark.req("B-042", part="a destroyed key makes its content unreadable in an older backup of the database")
def test_what_was_destroyed_after_the_backup_cannot_be_read_from_it(
    owner: Connection, empty: Connection, store: KeyStore, tmp_path: Path
) -> None:
    gone, kept_note = _note(owner, store), _note(owner, store)
    kept = back_up_database(owner, tmp_path / "backups", tell=_quiet)
    assert _read(owner, store) == {gone: TEXT, kept_note: TEXT}
    store.destroy([gone])
    restore_database(empty, kept, tell=_quiet)
    assert _read(empty, store) == {gone: None, kept_note: TEXT}
    assert _fit(store, empty) == Fit("note", present=1, destroyed=1)


def test_keys_backed_up_after_the_database_fit_it(
    owner: Connection, empty: Connection, store: KeyStore, tmp_path: Path
) -> None:
    before, destroyed_between = _note(owner, store), _note(owner, store)
    database = back_up_database(owner, tmp_path / "backups", tell=_quiet)
    after = _note(owner, store)
    store.destroy([destroyed_between])
    keys = back_up_keys(store, tmp_path / "apart", tell=_quiet)
    restore_database(empty, database, tell=_quiet)
    restored = _restore_keys(keys, tmp_path / "restored", tmp_path / "keys" / "master.key")
    assert _read(empty, restored) == {before: TEXT, destroyed_between: None}
    assert after not in _read(empty, restored)
    assert _fit(restored, empty) == Fit("note", present=1, destroyed=1, lost=0)


def test_keys_backed_up_before_the_database_lack_what_came_between_and_that_is_told_from_the_destroyed(
    owner: Connection, empty: Connection, store: KeyStore, tmp_path: Path
) -> None:
    before, destroyed = _note(owner, store), _note(owner, store)
    keys = back_up_keys(store, tmp_path / "apart", tell=_quiet)
    store.destroy([destroyed])
    between = [_note(owner, store) for _ in range(200)]  # more than were drawn ahead
    agree(store, owner)
    database = back_up_database(owner, tmp_path / "backups", tell=_quiet)
    restore_database(empty, database, tell=_quiet)
    restored = _restore_keys(keys, tmp_path / "restored", tmp_path / "keys" / "master.key")
    assert _read(empty, restored)[destroyed] == TEXT, "the older key store brings it back, until"
    assert agree(restored, empty) == 1
    found = _read(empty, restored)
    assert (found[before], found[destroyed]) == (TEXT, None)
    lost = sum(found[key_id] is None for key_id in between)
    assert 0 < lost < 200
    assert _fit(restored, empty) == Fit("note", present=201 - lost, destroyed=1, lost=lost)


def test_a_key_store_that_still_lies_somewhere_tells_what_was_destroyed_after_both_backups(
    owner: Connection, empty: Connection, store: KeyStore, tmp_path: Path
) -> None:
    gone = _note(owner, store)
    database = back_up_database(owner, tmp_path / "backups", tell=_quiet)
    keys = back_up_keys(store, tmp_path / "apart", tell=_quiet)
    store.destroy([gone])
    restore_database(empty, database, tell=_quiet)
    restored = _restore_keys(keys, tmp_path / "restored", tmp_path / "keys" / "master.key", tmp_path / "keys")
    assert _read(empty, restored) == {gone: None}
    assert _fit(restored, empty).destroyed == 1


def test_keys_backed_up_before_a_rotation_come_back_with_the_kept_master_key(
    owner: Connection, store: KeyStore, tmp_path: Path
) -> None:
    note = _note(owner, store)
    keys = back_up_keys(store, tmp_path / "apart", tell=_quiet)
    rotated = rotate(store, tell=_quiet)
    assert rotated.kept is not None
    assert read_manifest(keys, KeysManifest).master_keys == [rotated.kept.suffix.removeprefix(".")]
    assert note in _restore_keys(keys, tmp_path / "restored", rotated.kept).read([note])


# The documents' sealed files


def _document(owner: Connection, folder: SealedFolder, store: KeyStore) -> tuple[SealedDraft, uuid.UUID]:
    """A sealed file with a row that names it, in a matter of its own."""
    draft = SealedDraft(folder, store)
    draft.write(TEXT.encode())
    draft.finish()
    with draft.kept():
        owner.execute("SET session_replication_role = replica")  # no policies' triggers: nobody acts
        owner.execute(
            "WITH m AS (INSERT INTO matters_matter (id, unit_id, reference, created_at) SELECT %(id)s, id, %(reference)s, now() FROM access_unit LIMIT 1)"
            " INSERT INTO cases_document (id, root, key_id, matter_id, owner_id, author_id, readers, about, version, is_current,"
            " happened_at, recorded_at, kind, name, size, pages, content, is_scanned, forum, not_for_investigation, text,"
            " correction_reason, retraction) SELECT %(id)s, %(id)s, %(key)s, %(id)s, agency_id, id, ARRAY[agency_id], '{}', 1, true, now(), now(),"
            " 'text', '', %(size)s, 0, %(id)s, false, 'own', false, '', '', '' FROM access_worker ORDER BY id LIMIT 1",
            {"id": draft.content, "reference": draft.content.hex[-12:], "key": draft.key_id, "size": draft.size},
        )
    return draft, draft.content


@pytest.fixture
def with_documents(source: str) -> Iterator[Connection]:
    """The owner's connection that may write rows without a case around them; afterwards there are no documents."""
    with superuser(source) as connection:
        yield connection
        connection.execute("TRUNCATE cases_document")
        connection.execute("DELETE FROM matters_matter")


def test_documents_come_back_with_the_database(
    owner: Connection, with_documents: Connection, empty: Connection, store: KeyStore, tmp_path: Path
) -> None:
    folder = SealedFolder(tmp_path / "data")
    kept, content = _document(with_documents, folder, store)
    _, lost_content = _document(with_documents, folder, store)
    folder.path(lost_content).unlink()
    stray = folder.made(folder.path(uuid.uuid4()).parent) / str(uuid.uuid4())
    stray.write_bytes(b"an orphan")
    backup = back_up_database(owner, tmp_path / "backups", tell=_quiet, documents=folder)
    manifest = read_manifest(backup, DatabaseManifest)
    assert (manifest.documents, manifest.documents_missing) == (1, 1)
    assert DOCUMENTS in manifest.files
    assert TEXT.encode() not in (backup / DOCUMENTS).read_bytes()
    elsewhere = SealedFolder(tmp_path / "new")
    restore_database(empty, backup, tell=_quiet, documents=elsewhere)
    assert [one for one, _ in elsewhere.contents()] == [content]
    key = store.read([kept.key_id])[kept.key_id]
    with open_content(elsewhere, content, key, kept.size) as file:
        assert file.read().decode() == TEXT
    assert empty.execute("SELECT count(*) FROM cases_document").fetchone() == (2,)
    unpack(elsewhere, backup / DOCUMENTS, tell=_quiet)  # again: what is there stays
    assert [one for one, _ in elsewhere.contents()] == [content]


def test_a_changed_archive_of_documents_is_not_restored(
    owner: Connection, with_documents: Connection, empty: Connection, store: KeyStore, tmp_path: Path
) -> None:
    folder = SealedFolder(tmp_path / "data")
    _document(with_documents, folder, store)
    backup = back_up_database(owner, tmp_path / "backups", tell=_quiet, documents=folder)
    archive = backup / DOCUMENTS
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    elsewhere = SealedFolder(tmp_path / "new")
    with pytest.raises(RestoreFailed):
        restore_database(empty, backup, tell=_quiet, documents=elsewhere)
    assert not elsewhere.folder.exists()


def test_an_archive_with_another_name_in_it_puts_nothing_outside(tmp_path: Path) -> None:
    archive = tmp_path / DOCUMENTS
    with tarfile.open(archive, "w") as tar:
        entry = tarfile.TarInfo("../../escaped")
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"x"))
    with pytest.raises(RestoreFailed):
        unpack(SealedFolder(tmp_path / "data"), archive, tell=_quiet)
    assert not list(tmp_path.rglob("escaped"))
