"""Who is who among the players, and what each may ever do: written out by hand from R-207 to R-213 and docs/states.md."""

from __future__ import annotations

PARTNER = frozenset(
    {"write-record", "disclose", "give-access", "correct", "take-responsibility", "meet-citizen", "follow-up", "explain-breach"}
)
ENTRY_POINT = PARTNER | {"take-in-concern", "qualify-concern", "bring-to-unit", "admit-agency", "lock-specially", "assess"}
KEY_STAFF = PARTNER | {"take-in-concern", "admit-agency"}
VINK = ENTRY_POINT | {"record-discussion", "agree-measures", "run-course", "close-case"}
COURSE_HOLDER = frozenset({"log-course"})
NOTHING: frozenset[str] = frozenset()

MAY: dict[str, frozenset[str]] = {
    "sekretariat": PARTNER
    | {
        "bring-to-unit",
        "record-discussion",
        "admit-agency",
        "lock-specially",
        "close-case",
        "take-in-concern",
        "qualify-concern",
    },
    "vink": VINK,
    "vink-kollega": VINK,
    "mentor": COURSE_HOLDER,
    "mentor-to": COURSE_HOLDER,
    "coach": COURSE_HOLDER,
    "jobcenter": KEY_STAFF,
    "ssp": ENTRY_POINT,
    "sof": KEY_STAFF,
    "ekp": PARTNER,
    "skole": KEY_STAFF,
    "dks": ENTRY_POINT | {"hand-to-pet"},
    "kriminalforsorg": PARTNER,
    "psykiatri": PARTNER - {"take-responsibility"},
    "rapport": NOTHING,
    "politiker": NOTHING,
    "administrator": NOTHING,
    "dpo": NOTHING,
    "dpo-vikar": NOTHING,
    "jurist": NOTHING,
    "lilleby": VINK,
}
"""Every worker of the cast, and one of another unit."""

AGENCY: dict[str, str] = {key: key for key in MAY} | {
    "vink-kollega": "vink",
    "mentor": "mentorkorps",
    "mentor-to": "mentorkorps",
    "coach": "coaches",
    "rapport": "sekretariat",
    "politiker": "sekretariat",
    "administrator": "sekretariat",
    "dpo": "sekretariat",
    "jurist": "sekretariat",
    "dpo-vikar": "sekretariat",
}
"""Where each works (R-205)."""

STRANGER = "lilleby"
OUR_UNIT = frozenset(AGENCY[key] for key in MAY if key != STRANGER)
ENTRY_AGENCIES = frozenset({"vink", "ssp", "dks"})
SECRETARIAT, POLICE = "sekretariat", "dks"
BOARD = "sekretariat"
"""The one worker with the unit-wide duty: the frame of all matters of the unit (R-213)."""

OVERSEERS = frozenset({"dpo", "dpo-vikar"})
"""The data protection officers of VINK's controller."""
BREAKS_GLASS = frozenset(who for who in MAY if "write-record" in MAY[who]) | OVERSEERS
IN_EMERGENCY = frozenset({"write-record", "disclose"})
"""All that broken glass lets one do (B-025)."""

SAME_CONTROLLER_AS_VINK = frozenset({"sekretariat", "vink", "mentorkorps", "coaches", "jobcenter"})


def works_in_cases(worker: str) -> bool:
    """Politicians, reporting and administration see no cases, whoever gives them access (R-210)."""
    return bool(MAY[worker])
