"""What workers may do: each permission beside a sentence that a person can read, each role as a set of permissions.

Permissions say *may this worker ever*; that the worker sees the matter is asked by the fetch, and whether it is possible
now by the rules. Source: R-207 to R-210.
"""

from __future__ import annotations

import enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(enum.Enum):
    """One thing that a worker may do. `sentence` is shown on screen and in the permission list."""

    sentence: str | Promise

    def __new__(cls, code: str, sentence: str | Promise) -> Permission:
        member = object.__new__(cls)
        member._value_ = code
        member.sentence = sentence
        return member

    READ_STRATEGY = "read-strategy", _("Læse strategi, indsatser og mål")
    SEE_CASES = "see-cases", _("Se de sager, man har fået adgang til")
    SEE_BOARD = "see-board", _("Se rammen om alle enhedens åbne sager: nummer, trin og frist, aldrig indhold")
    SEE_BREACHES = "see-breaches", _("Se i tal, hvilke frister enheden har overskredet og hvorfor, aldrig i hvilke sager")
    TAKE_IN_CONCERN = "take-in-concern", _("Tage imod en bekymringshenvendelse")
    QUALIFY_CONCERN = "qualify-concern", _("Sætte alvorlighed, sagstype og forebyggelsesniveau")
    BRING_TO_UNIT = "bring-to-unit", _("Sætte en bekymring på enhedens dagsorden")
    RECORD_DISCUSSION = "record-discussion", _("Registrere enhedens drøftelse")
    ASSESS = "assess", _("Registrere en vurdering på sin egen myndigheds vegne")
    WRITE_RECORD = "write-record", _("Skrive oplysninger, beslutninger og alarmer i en sag")
    MEET_CITIZEN = "meet-citizen", _("Registrere møder med borgeren")
    AGREE_MEASURES = "agree-measures", _("Aftale indsats med borgeren")
    RUN_COURSE = "run-course", _("Begynde, ændre og afslutte forløb")
    LOG_COURSE = "log-course", _("Skrive i loggen for sit eget forløb")
    TAKE_RESPONSIBILITY = "take-responsibility", _("Påtage sig ansvaret for sagens indsats på sin myndigheds vegne")
    FOLLOW_UP = "follow-up", _("Følge op og vurdere, om bekymringen er håndteret")
    CLOSE_CASE = "close-case", _("Afslutte og genåbne en sag")
    HAND_TO_PET = "hand-to-pet", _("Registrere politiets overlevering til PET")
    DISCLOSE = "disclose", _("Videregive sin egen myndigheds oplysninger")
    ANSWER_FOR_AGENCY = (
        "answer-for-agency",
        _("Svare for sin egen myndighed på anmodninger, trække dem tilbage og registrere, hvordan juridisk tvivl er afklaret"),
    )
    ADMIT_AGENCY = "admit-agency", _("Optage en myndighed i en sag")
    GIVE_ACCESS = "give-access", _("Give kolleger i sin egen myndighed adgang til en sag")
    LOCK_SPECIALLY = "lock-specially", _("Låse en sag særligt, så kun navngivne medarbejdere ser den, og låse den op")
    CORRECT = "correct", _("Rette oplysninger, person og sag")
    EXPLAIN_BREACH = "explain-breach", _("Sætte en frist i bero og begrunde en overskridelse")
    BREAK_GLASS = "break-glass", _("Åbne én sag i en nødsituation for en kort tid; det ses straks og gennemgås af en anden")
    OVERSEE = "oversee", _("Føre tilsyn hos sin egen dataansvarlige: se loggen og gennemgå adgange, uden sagernes indhold")
    REVIEW_LAW = "review-law", _("Godkende hjemler og registrere, hvordan juridisk tvivl er afklaret")
    SEE_LEGAL_STANDING = (
        "see-legal-standing",
        _("Se, hvilke samarbejder myndighederne indgår i, og om de har en offentlig opgave"),
    )
    ADMINISTER = "administer", _("Sætte enheder, myndigheder og medarbejdere op, uden adgang til sager")


class Role(enum.Enum):
    """The roles of R-207, and those of the rights and the law."""

    label: str | Promise

    def __new__(cls, code: str, label: str | Promise = "") -> Role:
        member = object.__new__(cls)
        member._value_ = code
        member.label = label
        return member

    SECRETARIAT = "secretariat", _("Sekretariat")
    VINK = "vink", _("VINK")
    SSP = "ssp", _("SSP")
    DKS = "dks", _("DKS")
    POLICE = "police", _("Politi")
    PRISON_SERVICE = "prison-service", _("Kriminalforsorg")
    SPECIALIST = "specialist", _("Specialist")
    EKP = "ekp", _("EKP")
    AD_HOC = "ad-hoc", _("Ad hoc-deltager")
    KEY_STAFF = "key-staff", _("Nøglemedarbejder")
    MENTOR = "mentor", _("Mentor")
    COACH = "coach", _("Forældrecoach")
    REPORTING = "reporting", _("Rapportering")
    POLITICIAN = "politician", _("Politiker")
    ADMINISTRATOR = "administrator", _("Administrator")
    DPO = "dpo", _("Databeskyttelsesrådgiver")
    CUSTODIAN = "custodian", _("Vogter af anmelderes identitet")
    LEGAL_REVIEWER = "legal-reviewer", _("Juridisk godkender")


_EVERYONE = frozenset({Permission.READ_STRATEGY})
_PARTNER = _EVERYONE | {
    Permission.SEE_CASES,
    Permission.WRITE_RECORD,
    Permission.DISCLOSE,
    Permission.ANSWER_FOR_AGENCY,
    Permission.GIVE_ACCESS,
    Permission.CORRECT,
    Permission.TAKE_RESPONSIBILITY,
    Permission.MEET_CITIZEN,
    Permission.FOLLOW_UP,
    Permission.EXPLAIN_BREACH,
    Permission.BREAK_GLASS,
}
_ENTRY_POINT = _PARTNER | {
    Permission.TAKE_IN_CONCERN,
    Permission.QUALIFY_CONCERN,
    Permission.BRING_TO_UNIT,
    Permission.ADMIT_AGENCY,
    Permission.LOCK_SPECIALLY,
    Permission.ASSESS,
}
_COURSE_HOLDER = _EVERYONE | {Permission.SEE_CASES, Permission.LOG_COURSE}

PERMISSIONS_OF: dict[Role, frozenset[Permission]] = {
    Role.SECRETARIAT: _PARTNER
    | {
        Permission.SEE_BOARD,
        Permission.SEE_BREACHES,
        Permission.BRING_TO_UNIT,
        Permission.RECORD_DISCUSSION,
        Permission.ADMIT_AGENCY,
        Permission.LOCK_SPECIALLY,
        Permission.CLOSE_CASE,
        Permission.TAKE_IN_CONCERN,
        Permission.QUALIFY_CONCERN,
    },
    Role.VINK: _ENTRY_POINT
    | {Permission.RECORD_DISCUSSION, Permission.AGREE_MEASURES, Permission.RUN_COURSE, Permission.CLOSE_CASE},
    Role.SSP: _ENTRY_POINT,
    Role.DKS: _ENTRY_POINT,
    Role.POLICE: _PARTNER | {Permission.HAND_TO_PET},
    Role.PRISON_SERVICE: _PARTNER,
    Role.SPECIALIST: _PARTNER,
    Role.EKP: _PARTNER,
    Role.AD_HOC: _PARTNER - {Permission.TAKE_RESPONSIBILITY},
    Role.KEY_STAFF: _PARTNER | {Permission.TAKE_IN_CONCERN, Permission.ADMIT_AGENCY},
    Role.MENTOR: _COURSE_HOLDER,
    Role.COACH: _COURSE_HOLDER,
    Role.REPORTING: _EVERYONE | {Permission.SEE_BREACHES},
    Role.POLITICIAN: _EVERYONE,
    Role.ADMINISTRATOR: _EVERYONE | {Permission.ADMINISTER, Permission.SEE_LEGAL_STANDING},
    Role.DPO: _EVERYONE | {Permission.OVERSEE, Permission.BREAK_GLASS},
    Role.CUSTODIAN: _EVERYONE,
    Role.LEGAL_REVIEWER: _EVERYONE | {Permission.REVIEW_LAW, Permission.SEE_LEGAL_STANDING},
}

NEED_SECOND_FACTOR = frozenset(Permission) - _EVERYONE
"""Whoever may do more than read the strategy signs in with two factors (R-214)."""

BOARD_ROLES = frozenset(role for role, permissions in PERMISSIONS_OF.items() if Permission.SEE_BOARD in permissions)
"""Mirrored in SQL by `access.my_board_units()`; a test compares the two."""

BREACH_ROLES = frozenset(role for role, permissions in PERMISSIONS_OF.items() if Permission.SEE_BREACHES in permissions)
"""Mirrored in SQL by `cases_breaches()`; a test compares the two."""

OVERSEEING_ROLES = frozenset(role for role, permissions in PERMISSIONS_OF.items() if Permission.OVERSEE in permissions)
"""Mirrored in SQL by `oversight_agencies()`; a test compares them."""

ROLES_OF_THE_OPERATOR = OVERSEEING_ROLES | {
    role for role, permissions in PERMISSIONS_OF.items() if Permission.REVIEW_LAW in permissions
}
"""They reach beyond the unit of any administrator: to a controller's workers everywhere, to the law of every unit. Mirrored in SQL
by `access.oversees()`; a test compares the two."""

BREAK_GLASS_ROLES = frozenset(role for role, permissions in PERMISSIONS_OF.items() if Permission.BREAK_GLASS in permissions)
"""Mirrored in SQL by `oversight_break_glass()`; a test compares the two."""

IN_EMERGENCY = frozenset({Permission.SEE_CASES, Permission.WRITE_RECORD, Permission.DISCLOSE})
"""What broken glass opens the way to, for who holds the permission: to read, to write down, to tell. Never to move a case on,
to speak for the agency, nor to decide who has access; PostgreSQL refuses to move and to give access as well (B-025)."""
