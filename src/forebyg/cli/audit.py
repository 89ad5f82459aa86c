"""`forebyg audit …`: verify the ledger, show its newest head and public key, make a proof, check one."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import psycopg
import typer

from forebyg.cli.environment import become
from forebyg.cli.operating import as_owner, note
from forebyg.core.errors import ForebygError

if TYPE_CHECKING:  # read when a command needs them: the command line must start quickly
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from forebyg.audit.tree import Connection

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Hændelsesloggen: efterprøv, bevis.")

Against = Annotated[
    list[Path], typer.Option("--against", help="Hovedfil, der har været gemt et andet sted. Kan gives flere gange.")
]
Keys = Annotated[list[Path], typer.Option("--key", help="Offentlig nøgle (PEM) ud over serverens egen, f.eks. en tidligere.")]


@app.command()
def verify(against: Against = [], key: Keys = []) -> None:  # noqa: B006 - typer's way of saying "none given"
    """Efterprøv hele loggen. Status 0: intet fundet; 1: loggen er ændret."""
    with _said():
        from forebyg.audit.proof_files import read_head, read_public_key
        from forebyg.audit.stored import stored_ledger
        from forebyg.audit.verification import verify as verify_ledger
        from forebyg.cli import audit_screen

        kept = [read_head(path).signed for path in against]
        keys = [_public_key_of_server(), *map(read_public_key, key)]
        with _session() as connection, stored_ledger(connection) as ledger, audit_screen.progress(ledger.size()) as advance:
            report = verify_ledger(ledger, keys=keys, kept=kept, advance=advance)
    audit_screen.tell(report, kept=len(kept))
    raise typer.Exit(0 if report.is_sound else 1)


@app.command()
def head() -> None:
    """Vis det nyeste underskrevne hoved som en hovedfil."""
    with _said():
        from forebyg.audit.proof_files import HeadFile
        from forebyg.audit.proving import NothingToProve
        from forebyg.audit.tree import newest_head

        public_key = _public_key_of_server()
        with _session() as connection:
            signed = newest_head(connection)
        if signed is None:
            raise NothingToProve("Intet er plomberet endnu. / Nothing is sealed yet.")
        typer.echo(HeadFile.of(signed, public_key).model_dump_json(indent=2))


@app.command()
def key() -> None:
    """Vis den offentlige nøgle, som loggens hoveder efterprøves med."""
    with _said():
        from forebyg.audit.seal_key import pem_of

        typer.echo(pem_of(_public_key_of_server()), nl=False)


@app.command()
def new_key() -> None:
    """Lav en ny nøgle til loggens hoveder, når den forrige er tabt eller flyttet. Det står i loggen."""
    with as_owner():
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from django.conf import settings
        from django.db import transaction

        from forebyg.audit.heads import key_id_of
        from forebyg.audit.seal_key import SealKeyThere, make_seal_key, pem_of, seal_key_file

        place = seal_key_file(settings.FOREBYG.data_folder)
        if place.exists():
            raise SealKeyThere(place)
        new = Ed25519PrivateKey.generate()
        public_key = new.public_key()
        with transaction.atomic():
            note("audit.key-made", {"key_id": key_id_of(public_key)})
            make_seal_key(place, new)  # last: without the event there is no key
    typer.echo(pem_of(public_key), nl=False)
    typer.echo(
        "Giv myndighederne den nye offentlige nøgle ad en anden vej, start plomberingen, og efterprøv med den forrige: forebyg audit "
        "verify --key. / Give the agencies the new public key by another way, start the sealer, and verify with the earlier one.",
        err=True,
    )


@app.command()
def prove(
    event_id: Annotated[uuid.UUID, typer.Argument(help="Hændelsens id.")],
    against: Annotated[
        Path | None, typer.Option("--against", help="Hovedfil, som beviset også skal knytte loggen til.")
    ] = None,
) -> None:
    """Vis en bevisfil for en hændelse."""
    with _said():
        from forebyg.audit.proof_files import read_head
        from forebyg.audit.proving import prove as prove_event

        kept = read_head(against) if against else None
        with _session() as connection:
            typer.echo(prove_event(connection, event_id, kept=kept).model_dump_json(indent=2))


@app.command()
def check(
    proof: Annotated[Path, typer.Argument(help="Bevisfil.")],
    key: Annotated[Path, typer.Option("--key", help="Offentlig nøgle (PEM).")],
    against: Annotated[Path | None, typer.Option("--against", help="Hovedfil, som loggen skal begynde med.")] = None,
) -> None:
    """Efterprøv en bevisfil; kræver hverken database eller server. Status 0: beviset holder; 1: det gør det ikke."""
    with _said():
        from forebyg.audit.proof_files import faults_of, read_head, read_proof, read_public_key
        from forebyg.cli import audit_screen

        read = read_proof(proof)
        faults = faults_of(read, read_public_key(key), kept=read_head(against) if against else None)
    audit_screen.tell_proof(read, faults)
    raise typer.Exit(1 if faults else 0)


def _public_key_of_server() -> Ed25519PublicKey:
    """The public half of the key that this server signs with."""
    from django.conf import settings

    from forebyg.audit.seal_key import read_seal_key, seal_key_file

    become("sealer")
    return read_seal_key(seal_key_file(settings.FOREBYG.data_folder)).public_key()


@contextlib.contextmanager
def _session() -> Iterator[Connection]:
    """A database session of the sealer's role, which may read the ledger and not change it."""
    from forebyg.store.sessions import connect

    become("sealer")
    with connect() as connection:
        yield connection


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """What went wrong, in a sentence, and status 2."""
    try:
        yield
    except ForebygError as error:
        sentence = str(error)
    except psycopg.OperationalError:
        sentence = (
            "Databasen svarer ikke. Kører den, og er FOREBYG_DATA_FOLDER den rigtige mappe? / "
            "The database does not answer. Does it run, and is that the right folder?"
        )
    else:
        return
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
