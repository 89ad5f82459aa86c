"""The fixed words of the law room: facts, packs, scenarios and findings use the same ones."""

from __future__ import annotations

PUBLIC_AUTHORITIES = (
    *("police", "prison-service", "social-services", "ssp", "school", "employment", "prevention-unit", "secretariat"),
    *("specialist", "psychiatry", "health", "other-authority"),
)
ON_PUBLIC_TASK = ("self-governing-institution", "mentor", "coach")
"""Count like an authority of their controller when they have a public task, and are outside without one."""
OUTSIDE = (
    *("forum-member", "housing-company", "social-housing-worker", "association", "religious-community", "hotline-caller"),
    "private-person",
)
FAMILY = ("parent", "close-person", "citizen")
PET = "pet"
"""The security and intelligence service: it has no seat, whatever a pack says."""
KINDS = (*PUBLIC_AUTHORITIES, *ON_PUBLIC_TASK, *OUTSIDE, *FAMILY, PET)

PRIVATE = ":private"
"""Ends the kind of a mentor, coach or institution without a public task."""
GROUPS: dict[str, tuple[str, ...]] = {
    "authority": (*PUBLIC_AUTHORITIES, *ON_PUBLIC_TASK),
    "public-authority": PUBLIC_AUTHORITIES,
    "public-authority-but-police": tuple(kind for kind in PUBLIC_AUTHORITIES if kind != "police"),
    "municipal": (
        *("social-services", "ssp", "school", "employment", "prevention-unit", "secretariat", "specialist", "mentor", "coach"),
    ),
    "on-public-task": ON_PUBLIC_TASK,
    "outside": (*OUTSIDE, *(kind + PRIVATE for kind in ON_PUBLIC_TASK)),
    "family": FAMILY,
}
"""Words for several kinds at once; a kind of `ON_PUBLIC_TASK` that is named alone means one with a public task."""

COOPERATIONS = ("ssp", "psp", "ksp")
NO_FORUM = "none"
FORUMS = (*COOPERATIONS, NO_FORUM)
CUSTODIES = ("none", "remand", "serving", "released", "released-minor", "released-remand")
STANDINGS = ("none", "suspected", "at-risk", "radicalised")
INVESTIGATION = "investigation"
PURPOSES = ("crime-prevention", "support", "child-welfare", "employment", "treatment", INVESTIGATION)
CATEGORIES = ("ordinary", "private", "sensitive", "offences")
CONSENT_KINDS = ("share", "take-part")
CONSENT_GIVERS = ("citizen", "guardian-1", "guardian-2")
CONSENT_ANSWERS = ("given", "refused", "withdrawn")
TRIGGERS = ("serious-violence", "terror")
WRITTEN = ("written", "missing")
MEASURES = (
    *("approach", "counselling", "mentor", "parent-coach", "exit", "child-examination", "examination-without-consent"),
    *("support-measure", "parental-order", "youth-order", "placement-without-consent", "employment-measure"),
)
GROUNDS = (
    *("truancy", "suspected-offence", "unsafe-public-behaviour", "serious-behaviour-problems", "refusal-to-cooperate"),
    *("radicalisation", "obvious-risk-of-serious-harm", "special-support-need"),
)
COOPERATION = ("cooperates", "partly", "refused")
MAX_AGE = 130

BLOCKING = ("doubt", "not-signed")
"""Reasons that a person can lift: the finding is blocked, not refused."""
REASONS = (
    *(
        "investigation",
        "pet",
        "outside-recipient",
        "other-forum",
        "not-in-forum",
        "not-covered",
        "police-only",
        "age",
        "purpose",
    ),
    *("consent-missing", "consent-refused", "weighing-missing", "need-missing", "trigger-missing", "no-basis", "not-in-force"),
    *("wrong-authority", *BLOCKING),
)
REMEDIES = (
    *("get-consent", "use-forum", "anonymise", "write-weighing", "write-need", "clarify-doubt", "sign-provision", "ask-owner"),
    *("let-police-tell", "wait-until-valid", "state-fact"),
)
NOT_FOR_INVESTIGATION = "not-for-investigation"
CONFIDENCES = ("seen", "strategy", "knowledge", "unsure")
"""How well the text of a provision is known, best first: read by us or told by an authority, stated by the strategy alone, known
but not read, to be looked up before anyone relies on it."""
