"""The scene that the tests of the policies play in, and what the tests of sign-in begin with."""

import pytest
from conftest import as_owner
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password

from forebyg.access.models import Worker
from forebyg.access.sign_in import DEMO_PASSWORD
from forebyg.access.tests.rows import Scene, begin_matter
from forebyg.core.ids import new_id


@pytest.fixture
def scene(cast: dict[str, Worker]) -> Scene:
    """See `Scene`."""
    matter, case = begin_matter(cast["vink"])
    scene = Scene(matter, case, *(new_id() for _ in range(3)), cast=cast)
    scene.admit("sof")
    scene.admit("mentor")
    scene.grant("sof")
    scene.grant("mentor", participant=scene.son)
    scene.grant("mentor-to", participant=scene.daughter)
    return scene


@pytest.fixture
def second_factor_required(settings: LazySettings) -> None:
    """As in production, and not as in the other tests."""
    settings.FOREBYG = settings.FOREBYG.model_copy(update={"second_factor": "required"})


@pytest.fixture
def password(cast: dict[str, Worker]) -> str:
    """The password of everyone in the cast, hashed the quick way of the tests."""
    hashed = make_password(DEMO_PASSWORD)
    for worker in cast.values():
        worker.password = hashed
    with as_owner():
        Worker.objects.update(password=hashed)
    return DEMO_PASSWORD


@pytest.fixture
def recently(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is signed in has just confirmed who it is."""
    for room in ("accounts", "agencies"):
        monkeypatch.setattr(f"forebyg.access.views.{room}.ask_again", lambda request, **given: None)
