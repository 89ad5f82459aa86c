"""`forebyg backup` and `forebyg restore`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forebyg.cli.operating import as_owner, note, refuse

if TYPE_CHECKING:
    import psycopg


def backup(
    folder: Annotated[Path, typer.Argument(help="Hvor kopien af databasen lægges.")],
    keys_to: Annotated[
        Path | None, typer.Option(help="Hvor kopien af nøglelageret lægges: et andet sted, som andre passer på.")
    ] = None,
    together: Annotated[bool, typer.Option("--together", help="Tillad, at de to kopier ligger samme sted.")] = False,
) -> None:
    """Tag en sikkerhedskopi af databasen, og af nøglelageret for sig. Den efterprøves, før den får sit navn. Status 2: indhold er tabt."""
    if keys_to is not None and not together and _one_in_the_other(folder, keys_to):
        refuse(
            "Kopierne skal ligge hver for sig: den, der har begge og hovednøglen, kan læse alt. Vælg et andet sted med --keys-to, "
            "eller sig --together. / Keep the two apart: who has both and the master key can read everything. Choose another "
            "place by --keys-to, or say --together."
        )
    with as_owner() as owner:
        from django.conf import settings

        from forebyg.audit.seal_key import seal_key_file
        from forebyg.cli.bars import bar
        from forebyg.cli.keys import tell_fit
        from forebyg.store.backup.database import DatabaseManifest, back_up_database
        from forebyg.store.backup.folder import read_manifest
        from forebyg.store.backup.keys import back_up_keys, opened
        from forebyg.store.chunks import SealedFolder
        from forebyg.store.destroyed_keys import agree
        from forebyg.store.key_report import fit
        from forebyg.store.sealed import key_store

        seal_key = seal_key_file(settings.FOREBYG.data_folder)
        store = key_store()
        agree(store, owner)
        note("backup.begun", {"with_keys": keys_to is not None})
        with bar() as tell:
            kept_database = back_up_database(owner, folder, tell=tell, documents=SealedFolder(settings.FOREBYG.data_folder))
            typer.echo(f"Databasen og dokumenterne / the database and the documents: {kept_database}")
            with _as_of_now(owner), contextlib.ExitStack() as stack:  # a row's key is older than the row
                if keys_to is not None:
                    kept = back_up_keys(store, keys_to, tell=lambda done, total: tell("Nøgler / keys", done, total))
                    typer.echo(f"Nøglelageret / the key store: {kept}")
                    store = stack.enter_context(opened(kept, store.master_keys))
                tables = fit(store, owner, tell=lambda done, total: tell("Slår nøgler op / looking up keys", done, total))
    if keys_to is None:
        typer.echo(
            "Nøglelageret er ikke kopieret (--keys-to): uden det kan kopien ikke læses. / "
            "The key store was not copied (--keys-to): without it the backup cannot be read."
        )
    typer.echo("Hovednøglen er i ingen af dem; gem den for sig. / The master key is in neither: keep it apart.")
    typer.echo(
        f"Det er loggens nøgle heller ikke; gem en kopi for sig: {seal_key.absolute()} / "
        "Nor is the ledger's key: keep a copy of it apart."
    )
    missing = read_manifest(kept_database, DatabaseManifest).documents_missing
    if missing:
        typer.echo(
            f"{missing} dokumenters filer mangler i datamappen og er ikke i kopien. / "
            "That many documents have no file in the data folder, and none in the backup.",
            err=True,
        )
    tell_fit(tables)
    if missing:
        raise typer.Exit(2)


def restore(
    backups: Annotated[list[Path], typer.Argument(help="Kopien af databasen, af nøglelageret, eller begge.")],
    destroyed_in: Annotated[
        list[Path], typer.Option("--destroyed-in", help="Mappe med et andet nøglelager, der husker, hvad der er slettet.")
    ] = [],  # noqa: B006 - typer's way of saying "none given"
) -> None:
    """Genskab i en tom database og uden nøglelager. Stop web, job og plombering først. Status 2: indhold er tabt."""
    with as_owner() as owner:
        from django.conf import settings

        from forebyg.cli.bars import bar
        from forebyg.cli.keys import tell_fit
        from forebyg.cli.restoring import restore_all
        from forebyg.store.key_report import fit
        from forebyg.store.sealed import key_store

        with bar() as tell:
            restored = restore_all(
                owner, backups, folder=settings.FOREBYG.data_folder / "keys", destroyed_in=destroyed_in, tell=tell
            )
            tables = fit(key_store(), owner, tell=lambda done, total: tell("Slår nøgler op / looking up keys", done, total))
        note("backup.restored", {"destroyed_again": restored.destroyed_again, "lost": sum(table.lost for table in tables)})
        for line in restored.lines:
            typer.echo(line)
        typer.echo(
            "Så: forebyg check, start web, job og plombering, forebyg audit verify --against et gemt hoved, "
            "og tag en ny sikkerhedskopi. / Next: run that, start web, jobs and sealer, verify against a kept head, and make "
            "a new backup."
        )
        tell_fit(tables)


@contextlib.contextmanager
def _as_of_now(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Let `owner` see the rows as they are when the block begins: later ones have keys that are drawn later."""
    with owner.transaction():
        owner.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        owner.execute("SELECT now()")
        yield


def _one_in_the_other(one: Path, other: Path) -> bool:
    first, second = one.resolve(), other.resolve()
    return first.is_relative_to(second) or second.is_relative_to(first)
