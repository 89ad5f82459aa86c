"""Which role may do what, written out by hand: a change of the table is a decision, and is made twice."""

import pytest

from forebyg.access.models import Worker
from forebyg.access.permissions import PERMISSIONS_OF, Permission, Role

ENTRY_POINTS = {Role.VINK, Role.SSP, Role.DKS}
AD_HOC = {Role.AD_HOC}
TABLE = ENTRY_POINTS | {Role.SECRETARIAT, Role.POLICE, Role.PRISON_SERVICE, Role.SPECIALIST, Role.EKP, Role.KEY_STAFF}
COURSE_HOLDERS = {Role.MENTOR, Role.COACH}
WITHOUT_CASES = {Role.REPORTING, Role.POLITICIAN, Role.ADMINISTRATOR, Role.DPO, Role.CUSTODIAN, Role.LEGAL_REVIEWER}

MAY: dict[Permission, set[Role]] = {
    Permission.READ_STRATEGY: set(Role),
    Permission.SEE_CASES: TABLE | AD_HOC | COURSE_HOLDERS,
    Permission.SEE_BOARD: {Role.SECRETARIAT},
    Permission.SEE_BREACHES: {Role.SECRETARIAT, Role.REPORTING},
    Permission.TAKE_IN_CONCERN: ENTRY_POINTS | {Role.SECRETARIAT, Role.KEY_STAFF},
    Permission.QUALIFY_CONCERN: ENTRY_POINTS | {Role.SECRETARIAT},
    Permission.BRING_TO_UNIT: ENTRY_POINTS | {Role.SECRETARIAT},
    Permission.RECORD_DISCUSSION: {Role.SECRETARIAT, Role.VINK},
    Permission.ASSESS: ENTRY_POINTS,
    Permission.WRITE_RECORD: TABLE | AD_HOC,
    Permission.MEET_CITIZEN: TABLE | AD_HOC,
    Permission.AGREE_MEASURES: {Role.VINK},
    Permission.RUN_COURSE: {Role.VINK},
    Permission.LOG_COURSE: COURSE_HOLDERS,
    Permission.TAKE_RESPONSIBILITY: TABLE,
    Permission.FOLLOW_UP: TABLE | AD_HOC,
    Permission.CLOSE_CASE: {Role.SECRETARIAT, Role.VINK},
    Permission.HAND_TO_PET: {Role.POLICE},
    Permission.DISCLOSE: TABLE | AD_HOC,
    Permission.ANSWER_FOR_AGENCY: TABLE | AD_HOC,
    Permission.ADMIT_AGENCY: ENTRY_POINTS | {Role.SECRETARIAT, Role.KEY_STAFF},
    Permission.GIVE_ACCESS: TABLE | AD_HOC,
    Permission.LOCK_SPECIALLY: ENTRY_POINTS | {Role.SECRETARIAT},
    Permission.CORRECT: TABLE | AD_HOC,
    Permission.EXPLAIN_BREACH: TABLE | AD_HOC,
    Permission.BREAK_GLASS: TABLE | AD_HOC | {Role.DPO},
    Permission.OVERSEE: {Role.DPO},
    Permission.REVIEW_LAW: {Role.LEGAL_REVIEWER},
    Permission.SEE_LEGAL_STANDING: {Role.ADMINISTRATOR, Role.LEGAL_REVIEWER},
    Permission.ADMINISTER: {Role.ADMINISTRATOR},
}


@pytest.mark.req("R-207", part="each role has permissions of its own")
@pytest.mark.parametrize("permission", Permission, ids=lambda permission: permission.value)
def test_a_permission_is_held_by_these_roles_and_no_other(permission: Permission) -> None:
    assert {role for role in Role if permission in PERMISSIONS_OF[role]} == MAY[permission]


def test_every_role_and_every_permission_is_decided() -> None:
    assert set(PERMISSIONS_OF) == set(Role)
    assert set(MAY) == set(Permission)
    assert {role for role in Role if PERMISSIONS_OF[role] == {Permission.READ_STRATEGY}} == WITHOUT_CASES - {
        Role.REPORTING,
        Role.ADMINISTRATOR,
        Role.DPO,
        Role.LEGAL_REVIEWER,
    }


@pytest.mark.req("R-207", part="the document's roles are known")
def test_the_roles_of_the_document_are_there() -> None:
    named = "secretariat vink ssp dks police prison-service specialist ekp ad-hoc key-staff mentor coach reporting politician"
    assert {*named.split(), "administrator"} <= {role.value for role in Role}


@pytest.mark.req("R-205", part="an administrator sets accounts up and has no way into a case")
def test_an_administrator_cannot_see_a_case(cast: dict[str, Worker]) -> None:
    administrator = cast["administrator"]
    assert administrator.may(Permission.ADMINISTER)
    assert not any(
        administrator.may(permission)
        for permission in Permission
        if permission not in (Permission.ADMINISTER, Permission.SEE_LEGAL_STANDING, Permission.READ_STRATEGY)
    )


def test_a_worker_with_two_roles_may_do_what_either_may(cast: dict[str, Worker]) -> None:
    dks = cast["dks"]
    assert dks.roles == {Role.DKS, Role.POLICE}
    assert dks.permissions == PERMISSIONS_OF[Role.DKS] | PERMISSIONS_OF[Role.POLICE]
    assert dks.may(Permission.HAND_TO_PET)
    assert dks.may(Permission.ASSESS)
    assert not dks.may(Permission.CLOSE_CASE)


@pytest.mark.parametrize("member", [*Permission, *Role], ids=lambda member: member.value)
def test_everything_has_words_for_the_screen(member: Permission | Role) -> None:
    words = str(member.sentence if isinstance(member, Permission) else member.label)
    assert words
    assert words != member.value or len(words) <= 4
