"""Bring the demo's database up to date, and fill a new one. A process of its own, run by `forebyg demo`.

python -m forebyg.cli.demo_prepare PATH-FOR-SIGN-INS   migrate and fill
python -m forebyg.cli.demo_prepare                     migrate only
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command
from django.db import OperationalError, connection

from forebyg.store.roles import WEB

TO_ANSWER = 90.0  # seconds; the recovery of the database after a crash counts in


@contextlib.contextmanager
def signed_in_as(role: str) -> Iterator[None]:
    """Let the database connection of this process be another role's, so that policies count for what is done meanwhile."""
    own = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = own


def prepare(sign_ins: Path | None) -> None:
    """Migrate; with `sign_ins` also load the plans, make the cast and the demo's cases, and write there who may sign in."""
    if sign_ins is None:
        wait_for_the_database()
        migrate()
        return
    from forebyg.cli.demo_cast import DEMO_PASSWORD, PEOPLE, address_of, create_cast
    from forebyg.cli.demo_data import build

    wait_for_the_database()
    migrate()
    load_packs()
    create_cast()
    with signed_in_as(WEB):
        build()
    people = [{"name": person.name, "address": address_of(person.key)} for person in PEOPLE]
    sign_ins.write_text(json.dumps({"password": DEMO_PASSWORD, "people": people}, ensure_ascii=False))


def wait_for_the_database() -> None:
    """Wait until the owner's role can sign in. Raises `OperationalError` when that takes more than `TO_ANSWER` seconds."""
    began = time.monotonic()
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() - began > TO_ANSWER:
                raise
            time.sleep(0.02)
        else:
            return


def migrate() -> None:
    """Bring the database to this version; run as its owner."""
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def load_packs() -> None:
    """Load the plans that come with Forebyg; run as the owner of the database."""
    from forebyg.store.identity import now
    from forebyg.strategy.actions import load_pack
    from forebyg.strategy.reading import PACKS

    for file in sorted(PACKS.glob("*.yaml")):
        load_pack(path=file, now=now())


if __name__ == "__main__":
    django.setup()
    prepare(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
