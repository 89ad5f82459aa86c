"""The check that every case has: role labels only."""

from __future__ import annotations

from forebyg.cli.demo_check.eyes import everything_written, eyes_of
from forebyg.cli.demo_check.verdict import expect
from forebyg.cli.demo_check.words import may_name_someone, vocabulary
from forebyg.cli.scenarios.play import Play
from forebyg.people.models import Participant
from forebyg.strategy.schema.pack import Pack

_OF_SOMEONE = frozenset(
    {
        "people_participant.name",
        "people_participant.cpr",
        "intake_reporteridentity.name",
        "intake_reporteridentity.contact",
    }
)


def check_labels(play: Play, pack: Pack, *, seen_by: str) -> None:
    """R-222: nobody's name, number or address, in any version, ledger reason or draft of the case; and each person is called
    by the role that the case gives."""
    known = vocabulary(pack)
    case_id = play.so_far.case_id
    for place, text in everything_written(play.stage, case_id):
        expect(not text or place not in _OF_SOMEONE, f"{place} er udfyldt")
        expect(not may_name_someone(text, known), f"{place} kan nævne nogen")
    with eyes_of(play.stage, seen_by, case_id) as seen:
        labels = {person.label for person in seen.all(Participant)}
    roles = {subject.name.da.split(",")[0] for subject in play.example.subjects}
    expect(labels == roles, "en person hedder ikke sin rolle")
