"""`forebyg demo --check`: the example cases are played from nothing, and their acceptance checks are asked of the database."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from forebyg.cli.environment import demo_environment
from forebyg.store.embedded import Embedded
from forebyg.store.roles import ensure_roles_and_database

CHILD = "forebyg.cli.demo_check"
"""The module that plays, in a process of its own."""


def run() -> int:
    """Play in a database and a folder of its own, which are removed afterwards; 0 when every check is met, else 1."""
    began = time.monotonic()
    server = Embedded.temporary()
    folder = Path(tempfile.mkdtemp(prefix="forebyg-check-"))
    try:
        server.start()
        with psycopg.connect(server.dsn("postgres", "postgres")) as connection:
            ensure_roles_and_database(connection)
        environment = demo_environment(
            role="owner", database=server, folder=folder, port=8000, secret_key=secrets.token_urlsafe(50)
        )
        played = subprocess.run([sys.executable, "-m", CHILD], env=environment, check=False)
    finally:
        server.remove()
        shutil.rmtree(folder)
    print(f"{time.monotonic() - began:.1f} s i alt / in all")
    return 0 if played.returncode == 0 else 1
