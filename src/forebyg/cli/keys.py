"""`forebyg keys …`: what the key store holds, a new master key, and orphans swept."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from forebyg.cli.operating import as_owner, note

if TYPE_CHECKING:
    from forebyg.store.key_report import Fit, Holdings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Nøglerne til det forseglede indhold.")


@app.command()
def status() -> None:
    """Vis, hvad nøglelageret indeholder, og om det passer til databasen. Ingen hemmeligheder. Status 2: indhold er tabt."""
    with as_owner() as owner:
        from forebyg.cli.bars import bar
        from forebyg.store.backup.keys import left_by_restores
        from forebyg.store.key_report import fit, holdings
        from forebyg.store.sealed import key_store

        store = key_store()
        for left in left_by_restores(store.file.folder):
            typer.echo(
                f"{left}: en afbrudt genskabelse har efterladt nøgler. Kører ingen genskabelse, så slet mappen. / An interrupted "
                "restore left keys there. Unless a restore is running, delete that folder.",
                err=True,
            )
        typer.echo(f"Nøglelager / key store: {store.file.path.absolute()}")
        typer.echo(f"Hovednøgle / master key: {store.master_keys.place}")
        with bar() as tell:
            tables = fit(store, owner, tell=lambda done, total: tell("Slår nøgler op / looking up keys", done, total))
        _tell_holdings(holdings(store), used=sum(table.present for table in tables))
        tell_fit(tables)


@app.command()
def rotate() -> None:
    """Skift hovednøglen. Alt kører imens; afbrydes det, fortsætter næste kørsel, hvor det slap."""
    with as_owner():
        from forebyg.cli.bars import bar
        from forebyg.store.key_rotation import rotate as rotate_keys
        from forebyg.store.master_key import KEY_VARIABLE, NEXT_KEY_VARIABLE
        from forebyg.store.sealed import key_store

        store = key_store()
        note("keys.rotation-begun", {})
        with bar() as tell:
            rotated = rotate_keys(store, tell=lambda done, total: tell("Pakker nøgler om / wrapping keys anew", done, total))
        note("keys.rotated", {"version": rotated.version, "fingerprint": rotated.fingerprint.hex(), "keys": rotated.keys})
    typer.echo(f"Hovednøglen er skiftet: version {rotated.version}, {rotated.fingerprint.hex()}. / The master key is changed.")
    if rotated.kept is not None:
        typer.echo(
            f"Den forrige ligger i {rotated.kept}: ældre kopier af nøglelageret kræver den. Tag en ny kopi (forebyg backup), "
            "gem den nye hovednøgle et andet sted, og slet den forrige, når de ældre kopier er væk. / The one before is kept "
            "there, for older backups of the key store. Make a new backup, keep the new master key elsewhere, and delete the "
            "old one when those backups are gone."
        )
    elif store.master_keys.from_environment:
        typer.echo(
            f"Sæt nu {KEY_VARIABLE} til værdien af {NEXT_KEY_VARIABLE}, fjern den sidste, og genstart. / "
            "Now set the first variable to the value of the second, remove the second, and restart."
        )


@app.command()
def sweep(
    days: Annotated[int, typer.Option(help="Kun nøgler, der er mindst så mange dage gamle.", min=1)] = 7,
) -> None:
    """Slet nøgler, som ingen række bruger, og dem, databasen husker som slettet; og filer, som intet dokument bruger."""
    with as_owner() as owner:
        from django.conf import settings

        from forebyg.cli.bars import bar
        from forebyg.store.chunk_sweep import sweep_files
        from forebyg.store.chunks import SealedFolder
        from forebyg.store.destroyed_keys import agree
        from forebyg.store.key_sweep import sweep as sweep_keys
        from forebyg.store.sealed import key_store

        store = key_store()
        again = agree(store, owner)
        with bar() as tell:
            swept = sweep_keys(
                store,
                owner,
                older_than=datetime.timedelta(days=days).total_seconds(),
                tell=lambda done, total: tell("Ser efter / looking", done, total),
            )
        note("keys.swept", {"looked_at": swept.looked_at, "destroyed": swept.destroyed, "destroyed_again": again})
        age = datetime.timedelta(days=days).total_seconds()
        files = sweep_files(SealedFolder(settings.FOREBYG.data_folder), owner, older_than=age)
        if files.removed:
            note("keys.swept", {"files_looked_at": files.looked_at, "files_removed": files.removed})
    typer.echo(
        f"{swept.looked_at} nøgler set efter, {swept.destroyed} brugtes ikke og er slettet; {again} var allerede besluttet slettet. / "
        f"{swept.looked_at} keys looked at, {swept.destroyed} were unused and are destroyed; {again} had been decided before."
    )
    typer.echo(
        f"{files.looked_at} filer set efter, {files.removed} brugtes ikke og er slettet. / "
        f"{files.looked_at} files looked at, {files.removed} were unused and are removed."
    )


def _tell_holdings(held: Holdings, *, used: int) -> None:
    typer.echo(
        f"{held.keys} nøgler, heraf {held.keys - used} uden række (forud eller til overs); {held.destroyed} slettede huskes / "
        f"{held.keys} keys, {held.keys - used} of them without a row (drawn ahead, or orphans); {held.destroyed} remembered as destroyed"
    )
    if held.oldest is not None and held.newest is not None:
        typer.echo(f"Ældste / oldest: {held.oldest:%Y-%m-%d %H:%M} UTC; nyeste / newest: {held.newest:%Y-%m-%d %H:%M} UTC")
    for master in held.masters:
        typer.echo(
            f"Hovednøgle version {master.version} ({master.fingerprint.hex()}, {master.made_at:%Y-%m-%d}) pakker {master.keys} / "
            f"master key version {master.version} wraps {master.keys}"
        )
    if len(held.masters) > 1:
        typer.echo("Et skift er ikke færdigt: kør forebyg keys rotate. / A rotation is not finished: run that.")


def tell_fit(tables: list[Fit]) -> None:
    """What rows can't be read any more, and why. Ends with status 2 when keys are lost."""
    for table in tables:
        if table.destroyed or table.lost:
            typer.echo(
                f"  {table.table}: {table.present} læsbare, {table.destroyed} slettede, {table.lost} tabte / "
                f"{table.present} readable, {table.destroyed} destroyed, {table.lost} lost"
            )
    lost = sum(table.lost for table in tables)
    if lost:
        typer.echo(
            f"{lost} rækker har ingen nøgle, uden at den er slettet: nøglelageret er ældre end databasen. Find en nyere kopi af det. / "
            f"{lost} rows have no key though none was destroyed: the key store is older than the database. Find a newer backup of it.",
            err=True,
        )
        raise typer.Exit(2)
    typer.echo("Ingen nøgle er tabt. / No key is lost.")
