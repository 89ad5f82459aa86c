"""`forebyg worker`: the way in for the first administrator of a fresh installation."""

from __future__ import annotations

from typing import Annotated

import typer

from forebyg.cli.environment import become
from forebyg.core.errors import ForebygError

app = typer.Typer(no_args_is_help=True, help="Medarbejdere: den første administrator.")


@app.callback()
def _worker() -> None:
    """Keeps `invite` a command of its own."""


@app.command()
def invite(
    address: Annotated[str, typer.Option(help="Administratorens e-mailadresse.")],
    name: Annotated[str, typer.Option(help="Administratorens navn.")],
    unit: Annotated[str, typer.Option(help="Enhedens navn; oprettes, hvis den ikke findes.")],
    agency: Annotated[str, typer.Option(help="Myndighed, administratoren hører til; oprettes, hvis den ikke findes.")],
    controller: Annotated[str, typer.Option(help="Myndighedens dataansvarlige, fx en forvaltning.")],
) -> None:
    """Vis linket til den første administrators konto (databaserollen forebyg_owner)."""
    become("owner")
    import django

    django.setup()
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from forebyg.cli.first_administrator import invite_first_administrator

    try:
        validate_email(address)
        link, expires_at = invite_first_administrator(
            settings.FOREBYG, address=address, name=name, unit_name=unit, agency_name=agency, controller_name=controller
        )
    except ValidationError:
        typer.echo("E-mailadressen skal skrives som navn@eksempel.dk. / Write the address as shown.", err=True)
        raise typer.Exit(1) from None
    except ForebygError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(link)
    typer.echo(f"Virker én gang og til {expires_at:%d.%m.%Y kl. %H.%M}. / Works once, until then.", err=True)
