"""The scene that the tests of the policies play in."""

import pytest

from forebyg.access.models import Worker
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
