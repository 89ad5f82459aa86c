"""What an operator is told when there is no room or no right, tried on real disks and accounts."""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from forebyg.store.embedded import Embedded
from forebyg.store.unavailable import DiskFull, NoRights, StoreUnavailable

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 90 MB that the server's account can reach."""
    place = Path("/tmp") / f"forebyg-disk-{os.getpid()}"
    place.mkdir(mode=0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=90m,mode=0755", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()


def fill(disk: Path, *, but: int) -> Path:
    """Fill the disk but for so many bytes."""
    filler = disk / "filler"
    status = os.statvfs(disk)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(status.f_bavail * status.f_frsize - but, 1))
    return filler


@needs_root
def test_a_full_disk_is_named_and_with_room_it_starts(small_disk: Path) -> None:
    filler = fill(small_disk, but=10_000_000)
    cluster = Embedded(small_disk / "postgres", fast=True)
    with pytest.raises(DiskFull, match=r"er fuld.*is full"):
        cluster.start()
    filler.unlink()
    cluster.start()
    with psycopg.connect(cluster.dsn("postgres", "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    cluster.stop()

    filler = fill(small_disk, but=0)
    with pytest.raises(DiskFull, match=str(cluster.folder)):
        cluster.start()
    filler.unlink()
    cluster.start()
    with psycopg.connect(cluster.dsn("postgres", "postgres")) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    cluster.remove()


@needs_root
def test_a_disk_that_fills_while_it_runs_costs_only_the_change_that_found_no_room(small_disk: Path) -> None:
    with (
        Embedded(small_disk / "postgres", fast=True) as cluster,
        psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE kept (n int, filling text)")
        connection.execute("INSERT INTO kept VALUES (1, '')")
        filler = fill(small_disk, but=500_000)
        with pytest.raises(psycopg.errors.DiskFull):
            connection.execute("INSERT INTO kept SELECT n, repeat(md5(n::text), 60) FROM generate_series(2, 9000) n")
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)
        filler.unlink()
        connection.execute("INSERT INTO kept VALUES (2, '')")
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (2,)


def test_a_folder_where_we_may_not_write_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    for folder in (tmp_path, *tmp_path.parents[: len(tmp_path.parents) - 2]):
        with contextlib.suppress(PermissionError):
            folder.chmod(folder.stat().st_mode | 0o011)
    refusal = _as_somebody_unprivileged(lambda: Embedded(closed / "postgres").start())
    assert refusal.startswith(f"{NoRights.code} Kontoen")
    assert str(closed) in refusal
    assert list(closed.iterdir()) == []


def _as_somebody_unprivileged(start: Callable[[], None]) -> str:
    """The code and the sentence of the refusal that `start` meets in a process of an account that is not root."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                nobody = pwd.getpwnam("nobody")
                os.setgid(nobody.pw_gid)
                os.setuid(nobody.pw_uid)
            start()
        except StoreUnavailable as error:
            os.write(writing, f"{error.code} {error}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    return said
