"""`python -m forebyg.cli`: how one command starts another."""

from __future__ import annotations

from forebyg.cli import app

app()
