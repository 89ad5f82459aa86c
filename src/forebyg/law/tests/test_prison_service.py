"""What the prison service may tell of remand prisoners, by the day it is asked (R-084)."""

from __future__ import annotations

import datetime

import pytest

from forebyg.law import Exchange, Finding, Party, Subject, load_law, words

LAW_OF_2016 = load_law("dk-2016").signed_throughout("juridisk godkender")
PRISON = Party(kind="prison-service", controller="kriminalforsorgen", forums=("ksp",))
POLICE = Party(kind="police", controller="politiet", forums=words.COOPERATIONS)
SOCIAL = Party(kind="social-services", controller="socialforvaltningen", forums=words.COOPERATIONS)
BEFORE, FROM = datetime.date(2016, 2, 29), datetime.date(2016, 3, 1)
SUSPICION = ("suspected", "at-risk", "radicalised")


def told(moment: datetime.date, standing: str, *, by: Party = PRISON, to: Party = POLICE, custody: str = "remand") -> Finding:
    """What the law says of telling this in KSP."""
    exchange = Exchange(
        from_=by,
        to=to,
        forum="ksp",
        subject=Subject(age=24, custody=custody, standing=standing, exposed=False),
        purpose="crime-prevention",
        categories=("private",),
        moment=moment,
    )
    return LAW_OF_2016.judge(exchange)


@pytest.mark.req("R-084")
@pytest.mark.parametrize("to", [POLICE, SOCIAL], ids=["police", "social services"])
def test_from_march_2016_and_not_before_the_prison_service_tells_of_remand_prisoners_under_suspicion(to: Party) -> None:
    for standing in SUSPICION:
        before = told(BEFORE, standing, to=to)
        assert (before.outcome, before.because) == ("refused", "not-in-force")
        since = told(FROM, standing, to=to)
        assert (since.outcome, since.by) == ("allowed", ("rpl-2016-revision",))
        assert since.marks == ("not-for-investigation", "forum:ksp")
    for day in (BEFORE, FROM):
        assert told(day, "none", to=to).outcome == "refused", "without suspicion nothing was opened"
        assert told(day, "suspected", by=SOCIAL, to=POLICE).outcome == "refused", "nor for anyone but the prison service"
        assert told(day, "none", to=to, custody="released").by == ("rpl-115",), "those released were covered before"
