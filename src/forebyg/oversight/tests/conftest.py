"""Two controllers with a data protection officer each, and a matter that both have records in."""

from __future__ import annotations

import pytest
from conftest import as_owner
from django.db import connection

from forebyg.access.models import Worker
from forebyg.access.tests.rows import insert
from forebyg.cases.tests.cast import Play


@pytest.fixture
def officers(cast: dict[str, Worker]) -> dict[str, Worker]:
    """The cast, and a data protection officer of the police beside the one of the employment administration (`dpo`)."""
    dks = cast["dks"]
    with as_owner():
        officer = insert(
            "access_worker",
            unit_id=dks.unit_id,
            agency_id=dks.agency_id,
            email="dpo-politi@forebyg.example",
            name="Politiets databeskyttelsesrådgiver",
            is_active=True,
        )
        insert("access_roleholding", worker_id=officer, role="dpo")
    everyone = Worker.objects.select_related("agency", "unit").prefetch_related("holdings")
    return cast | {"dpo-politi": everyone.get(id=officer), "dpo": everyone.get(id=cast["dpo"].id)}


@pytest.fixture
def play(officers: dict[str, Worker]) -> Play:
    """A case of VINK's that DKS takes part in."""
    played = Play(officers)
    played.admit("dks")
    return played


def reference_of(play: Play) -> str:
    """The reference of the play's matter."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM matters_matter WHERE id = %s", [play.matter_id])
        return str(cursor.fetchone()[0])
