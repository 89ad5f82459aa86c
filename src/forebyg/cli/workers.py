"""`forebyg worker`: the way in for the first administrator of a fresh installation, and for whoever oversees or reviews the law."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from forebyg.cli.environment import become
from forebyg.core.errors import ForebygError

app = typer.Typer(
    no_args_is_help=True, help="Medarbejdere: den første administrator, databeskyttelsesrådgivere og juridiske godkendere."
)


class InvitedRole(enum.StrEnum):
    """Whom the operator invites; everyone else is an administrator's business."""

    administrator = "administrator"
    dpo = "dpo"
    legal_reviewer = "legal-reviewer"


@app.callback()
def _worker() -> None:
    """Keeps `invite` a command of its own."""


@app.command()
def invite(
    address: Annotated[str, typer.Option(help="Medarbejderens e-mailadresse.")],
    name: Annotated[str, typer.Option(help="Medarbejderens navn.")],
    unit: Annotated[str, typer.Option(help="Enhedens navn; oprettes, hvis den ikke findes.")],
    agency: Annotated[str, typer.Option(help="Myndighed, medarbejderen hører til; oprettes, hvis den ikke findes.")],
    controller: Annotated[str, typer.Option(help="Myndighedens dataansvarlige, fx en forvaltning.")],
    role: Annotated[
        InvitedRole,
        typer.Option(
            help="administrator: den første i enheden. dpo: en databeskyttelsesrådgiver. legal-reviewer: en juridisk godkender."
        ),
    ] = InvitedRole.administrator,
) -> None:
    """Vis linket til den første administrators, en databeskyttelsesrådgivers eller en juridisk godkenders konto (databaserollen forebyg_owner)."""
    become("owner")
    import django

    django.setup()
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from forebyg.access.permissions import Role
    from forebyg.cli.first_administrator import invite_worker

    try:
        validate_email(address)
        link, expires_at = invite_worker(
            settings.FOREBYG,
            address=address,
            name=name,
            role=Role(role.value),
            unit_name=unit,
            agency_name=agency,
            controller_name=controller,
        )
    except ValidationError:
        typer.echo("E-mailadressen skal skrives som navn@eksempel.dk. / Write the address as shown.", err=True)
        raise typer.Exit(1) from None
    except ForebygError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(link)
    typer.echo(f"Virker én gang og til {expires_at:%d.%m.%Y kl. %H.%M}. / Works once, until then.", err=True)
