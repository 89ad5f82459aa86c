"""Questions drawn at random, each fact stated or missing."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from forebyg.law import Consent, Exchange, Measure, Party, Subject, Trigger, words

MOMENTS = {"dk-2016": datetime.date(2016, 5, 1), "dk-2026": datetime.date(2026, 5, 1)}
PACKS = st.sampled_from(sorted(MOMENTS))
SENDERS = [kind for kind in words.KINDS if kind != words.PET]
AGES = st.sampled_from([0, 9, 10, 14, 15, 17, 18, 40])
ADULT_AGES = st.sampled_from([18, 40])


def _maybe(values: st.SearchStrategy[Any], *, missing: bool) -> st.SearchStrategy[Any]:
    return st.none() | values if missing else values


def _some(allowed: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(allowed), unique=True, min_size=least).map(tuple)


def parties(kinds: list[str] | None = None, *, missing: bool = False) -> st.SearchStrategy[Party]:
    """A party of one of the kinds."""
    return st.builds(
        Party,
        kind=st.sampled_from(kinds or list(words.KINDS)),
        controller=_maybe(st.sampled_from(["one", "another"]), missing=missing),
        forums=_maybe(_some(words.COOPERATIONS), missing=missing),
        public_task=_maybe(st.booleans(), missing=missing),
    )


def subjects(ages: st.SearchStrategy[int] = AGES, *, missing: bool = False) -> st.SearchStrategy[Subject]:
    """A person."""
    return st.builds(
        Subject,
        age=_maybe(ages, missing=missing),
        custody=_maybe(st.sampled_from(words.CUSTODIES), missing=missing),
        standing=_maybe(st.sampled_from(words.STANDINGS), missing=missing),
        exposed=_maybe(st.booleans(), missing=missing),
        guardians=_maybe(st.sampled_from([0, 1, 2]), missing=missing),
    )


CONSENTS = st.lists(
    st.builds(
        Consent,
        kind=st.sampled_from(words.CONSENT_KINDS),
        by=st.sampled_from(words.CONSENT_GIVERS),
        answer=st.sampled_from(words.CONSENT_ANSWERS),
    ),
    max_size=4,
).map(tuple)
DOUBTS = st.lists(st.sampled_from(["bif-in-forums", "housing-release-notice"]), unique=True).map(tuple)


def exchanges(pack: str, *, missing: bool = False, **fixed: Any) -> st.SearchStrategy[Exchange]:
    """An exchange at a moment of the pack; `fixed` are strategies or values for some of its facts."""
    facts: dict[str, Any] = {
        "from_": parties(SENDERS, missing=missing),
        "to": parties(SENDERS, missing=missing),
        "forum": _maybe(st.sampled_from(words.FORUMS), missing=missing),
        "received_under": _maybe(st.sampled_from(words.FORUMS), missing=missing),
        "subject": subjects(missing=missing),
        "purpose": st.sampled_from(words.PURPOSES[:-1]),
        "categories": _maybe(_some(words.CATEGORIES, 1), missing=missing),
        "consents": CONSENTS,
        "trigger": st.none()
        | st.builds(
            Trigger,
            kind=_maybe(st.sampled_from(words.TRIGGERS), missing=missing),
            weighing=_maybe(st.sampled_from(words.WRITTEN), missing=missing),
        ),
        "need": st.sampled_from(["written", "written", "missing"]),
        "clarified": DOUBTS,
        "refused_clarifications": DOUBTS,
        "doubt": st.sampled_from([False, False, False, True]),
        "moment": st.just(MOMENTS[pack]),
    }
    return st.builds(Exchange, **(facts | fixed))


def measures(pack: str, *, missing: bool = False, **fixed: Any) -> st.SearchStrategy[Measure]:
    """A measure at a moment of the pack."""
    facts: dict[str, Any] = {
        "measure": st.sampled_from(words.MEASURES),
        "by": parties(SENDERS, missing=missing),
        "subject": subjects(missing=missing),
        "purpose": _maybe(st.sampled_from(words.PURPOSES[:-1]), missing=missing),
        "consents": CONSENTS,
        "grounds": _maybe(_some(words.GROUNDS), missing=missing),
        "cooperation": _maybe(st.sampled_from(words.COOPERATION), missing=missing),
        "weighing": _maybe(st.sampled_from(words.WRITTEN), missing=missing),
        "moment": st.just(MOMENTS[pack]),
    }
    return st.builds(Measure, **(facts | fixed))
