"""The commands. Each is thin: it sets up the environment and calls what does the work."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from forebyg.cli.audit import app as audit
from forebyg.cli.backups import backup, restore
from forebyg.cli.environment import become, is_loopback
from forebyg.cli.keys import app as keys
from forebyg.cli.law import app as law
from forebyg.cli.workers import app as workers
from forebyg.core.errors import ForebygError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Forebyg: sags- og koordineringssystem for en tværgående forebyggelsesenhed.",
)

app.add_typer(audit, name="audit")
app.add_typer(keys, name="keys")
app.add_typer(law, name="law")
app.add_typer(workers, name="worker")


app.command()(backup)
app.command()(restore)


@app.command()
def database() -> None:
    """Kør Forebygs egen PostgreSQL i datamappen, indtil den bliver bedt om at stoppe."""
    from forebyg.cli.own_database import keep_running

    try:
        keep_running()
    except ForebygError as error:
        _fail(str(error))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Adresse, der lyttes på.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.", envvar="FOREBYG_PORT")] = 8000,
    processes: Annotated[
        int, typer.Option(help="Antal processer, hver med otte tråde.", min=1, envvar="FOREBYG_PROCESSES")
    ] = 2,
) -> None:
    """Vis siderne (databaserollen forebyg_web)."""
    become("web")
    os.environ.setdefault("FOREBYG_DATABASE_POOL", "true")
    _refuse_unfit_start(host=host)
    from django.db import connection

    from forebyg.cli.web import serve as serve_web

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # the processes that serve are forked from here, each with its own

    serve_web(host=host, port=port, processes=processes)


@app.command()
def work() -> None:
    """Udfør job i baggrunden (databaserollen forebyg_worker)."""
    become("worker")
    _refuse_unfit_start()
    _django("procrastinate", "worker")


@app.command()
def check() -> None:
    """Se efter, om installationen er klar til rigtige oplysninger; sig, hvad der mangler."""
    become("web")
    _refuse_what_is_unfit(every_password=True)
    from django.conf import settings

    from forebyg.cli.production import remarks

    for sentence in remarks(settings.FOREBYG):
        typer.echo(f"! {sentence}")
    typer.echo("✓ Klar. / Ready.")


@app.command()
def seal() -> None:
    """Plombér hændelsesloggen hvert andet sekund (databaserollen forebyg_sealer)."""
    become("sealer")
    from django.conf import settings
    from django.utils.log import configure_logging

    from forebyg.cli.seal import keep_sealing
    from forebyg.cli.supervisor import StopSignals

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    try:
        with StopSignals() as signals:
            keep_sealing(data_folder=settings.FOREBYG.data_folder, is_over=lambda: signals.asked)
    except ForebygError as error:
        _fail(str(error))


@app.command()
def migrate() -> None:
    """Bring databasen til denne version (databaserollen forebyg_owner)."""
    become("owner")
    _django("migrate")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def manage(context: typer.Context) -> None:
    """Kør en af Djangos kommandoer som forebyg_owner, f.eks. forebyg manage check."""
    become("owner")
    _django(*context.args)


@app.command()
def roles(
    url: Annotated[
        str, typer.Option(help="postgresql://… til en administrator af egen server.", envvar="FOREBYG_ADMINISTRATOR_URL")
    ] = "",
) -> None:
    """Opret databasens roller på en egen PostgreSQL-server, eller vis den SQL, der gør det."""
    from forebyg.store.roles import ensure_roles_and_database, sql_for_administrator

    if not url:
        typer.echo(sql_for_administrator())
        return
    import psycopg

    try:
        with psycopg.connect(url) as connection:
            ensure_roles_and_database(connection)
    except psycopg.OperationalError:
        _fail("Serveren svarer ikke, eller adgangskoden er forkert. / The server does not answer, or the password is wrong.")
    except ForebygError as error:
        _fail(str(error))


@app.command()
def demo(
    fresh: Annotated[bool, typer.Option("--fresh", help="Begynd forfra; det, der blev gemt i demoen, slettes.")] = False,
    port: Annotated[int, typer.Option(help="Port; er den optaget, bruges den næste ledige.")] = 8000,
    folder: Annotated[Path, typer.Option(help="Demoens mappe.")] = Path("var/demo"),
    check: Annotated[bool, typer.Option("--check", help="Gå demoens hovedvej igennem i en ny demo, og stop.")] = False,
) -> None:
    """Start hele systemet med opdigtede oplysninger på denne maskine."""
    if check:
        raise typer.Exit(importlib.import_module("forebyg.cli.demo_check").run())
    from forebyg.cli.demo_screen import run

    try:
        run(folder, port=port, fresh=fresh)
    except ForebygError as error:
        _fail(str(error))


def _refuse_unfit_start(*, host: str = "127.0.0.1") -> None:
    """End the process when the installation may not meet real people as it stands. A demo only has to stay on this machine."""
    from django.conf import settings

    if not settings.FOREBYG.demo:
        _refuse_what_is_unfit(every_password=False)
        _open_key_store()
    elif not is_loopback(host):
        _fail(
            f"Demoen må kun lytte på denne maskine, ikke på {host}. Lad --host være 127.0.0.1. / "
            "A demo listens on this machine only: leave --host as it is."
        )


def _open_key_store() -> None:
    """Let a new installation have its key store, before anything is served."""
    from django.conf import settings
    from django.db import connections

    from forebyg.store.own_key_store import open_own_key_store

    try:
        open_own_key_store(settings.FOREBYG.data_folder / "keys")
    except ForebygError as error:
        _fail(str(error))
    finally:
        connections.close_all()


def _refuse_what_is_unfit(*, every_password: bool) -> None:
    import django
    from django.conf import settings
    from django.db import connections

    django.setup()
    from forebyg.cli.production import problems

    found = list(problems(settings.FOREBYG, every_password=every_password))
    connections.close_all()  # the processes that serve open their own
    if found:
        _fail("\n".join(f"✗ {sentence}" for sentence in found))


def _django(*arguments: str) -> None:
    """Run a management command in this process."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["forebyg", *arguments])


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.stderr.flush()
    raise typer.Exit(1)


if os.name != "posix":
    raise SystemExit("Forebyg kører på Linux og macOS. / Forebyg runs on Linux and macOS.")
