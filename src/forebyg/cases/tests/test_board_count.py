"""What the board counts as a radicalisation case."""

from __future__ import annotations

import pytest

from forebyg.access.models import Worker
from forebyg.cases.board import radicalisation_cases
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play
from forebyg.core.errors import NotPermitted


@pytest.mark.req("R-035")
def test_a_case_counts_from_the_second_assessment_on_and_only_when_confirmed(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    secretariat, now = play.become("sekretariat")
    assert radicalisation_cases(secretariat, now.year) == 0
    play.to(Step.SECOND_ASSESSMENT)
    secretariat, now = play.become("sekretariat")
    assert radicalisation_cases(secretariat, now.year) == 0, "a concern that is not confirmed is no radicalisation case"
    play.to(Step.MEASURES)
    secretariat, now = play.become("sekretariat")
    assert radicalisation_cases(secretariat, now.year) == 1
    assert radicalisation_cases(secretariat, now.year - 1) == 0
    play.to(Step.FOLLOW_UP)
    secretariat, now = play.become("sekretariat")
    assert radicalisation_cases(secretariat, now.year) == 1, "further steps count nothing more"


def test_only_the_board_counts(cast: dict[str, Worker]) -> None:
    play = Play(cast)
    worker, now = play.become("vink")
    with pytest.raises(NotPermitted):
        radicalisation_cases(worker, now.year)
