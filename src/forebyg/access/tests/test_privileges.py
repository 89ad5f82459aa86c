"""What each database role may do to each table, written out by hand: a new table without a decision fails here."""

import pytest
from conftest import as_owner
from django.db import connection
from tests.database import TEMPLATE

from forebyg.access.models import Worker
from forebyg.access.tests.rows import RECORD_TABLES, Scene, refused, rows, run, session_of
from forebyg.store.identity import act_as
from forebyg.store.roles import OWNER, PUBLIC, ROLES, SEALER, STATS, WEB, WORKER

READ, APPEND, ALL = {"SELECT"}, {"SELECT", "INSERT"}, {"SELECT", "INSERT", "UPDATE", "DELETE"}

WEB_MAY: dict[str, set[str]] = {
    # every kind of record is written once
    **dict.fromkeys(RECORD_TABLES, APPEND),
    # the frame
    "matters_matter": APPEND,
    "cases_case": READ,  # and INSERT of columns, below
    "cases_casemove": APPEND,
    # need to know
    "access_grant": APPEND,
    "access_admission": APPEND,
    "access_speciallock": APPEND,
    # two persons that are one
    "people_merge": APPEND,
    # who is who
    "access_controller": READ,
    "access_agency": READ,
    "access_unit": READ,
    "access_membership": READ,
    # accounts are made by administrators (policies `make` and `give`)
    "access_worker": APPEND,
    "access_roleholding": APPEND,
    "access_firstuselink": APPEND,
    # an agency's legal standing: proposed by an administrator (policy `propose`), decided by a function
    "access_legalstanding": APPEND,
    # the ledger, and what statistics count
    "cases_fact": {"INSERT"},
    # a data protection officer's desk: a view that shows nobody else anything, and what was found of a grant
    "oversight_grant": READ,
    "oversight_grantreview": APPEND,
    # a named person's word on the law (policies `sign` and `clarify`), and doubts in a matter
    "sharing_signoff": APPEND,
    "sharing_clarification": APPEND,
    "sharing_doubt": APPEND,
    "sharing_doubtclarified": APPEND,
    # broken glass: made and closed by functions, seen by the worker and the overseers; a view; and reviews by another person
    "access_breakglass": READ,
    "oversight_breakglass": READ,
    "oversight_breakglassreview": APPEND,
    # a worker's own
    "cases_draft": ALL,
    "cases_savedview": ALL - {"UPDATE"},
    "cases_digest": ALL - {"UPDATE"},
    "cases_usedform": APPEND,
    "mfa_authenticator": ALL,
    "access_factorsecret": ALL - {"UPDATE"},
    "usersessions_usersession": ALL,
    "access_knownbrowser": APPEND,
    # signing in, and what every process shares
    "django_migrations": READ,
    "django_session": ALL,
    "account_emailaddress": ALL,
    "account_emailconfirmation": ALL,
    "store_cache": ALL,
    "strategy_packedition": READ,
    # handing a job over, and nothing more
    "procrastinate_jobs": APPEND,
    "procrastinate_events": APPEND,
}
WEB_MAY_CHANGE: dict[str, set[str]] = {
    "access_worker": {"password", "last_login"},
    "access_firstuselink": {"ended_at"},
    "access_knownbrowser": {"last_seen_at"},
    "access_grant": {"ended_at"},
    "access_admission": {"ended_at"},
    "people_merge": {"outcome", "reviewed_by_id", "reviewed_at", "undone_by_id", "undone_at"},
    "access_speciallock": {"lifted_at", "lifted_by_id"},
    "cases_case": {"lead_id"},
    "cases_clock": {"due_at", "paused_at", "stopped_at", "explained_at", "explained_because"},
    "cases_task": {"done_at", "done_by_id", "worker_id"},
    "cases_disclosure": {"withdrawn_at"},
    "sharing_letter": {"withdrawn_at", "withdrawn_by_id"},
    "sharing_informationrequest": {"outcome", "ended_at"},
}
JOBS = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")
LEDGER: dict[str, set[str]] = {
    "audit_event": READ,
    "audit_leaf": APPEND,
    "audit_head": APPEND,
    "audit_sealer": READ,  # and UPDATE of a column, below
    "audit_sealed_until": {"SELECT", "INSERT", "UPDATE"},
}
OTHERS_MAY: dict[str, dict[str, set[str]]] = {
    WORKER: {"strategy_packedition": READ, "django_migrations": READ, **dict.fromkeys(JOBS, ALL)},
    STATS: {"cases_fact": READ},
    PUBLIC: {},
}
WITHOUT_POLICIES = {
    # what every worker may know, and what a request needs before it is known who acts
    *("access_controller", "access_agency", "access_unit", "access_membership", "django_migrations"),
    *("django_session", "account_emailaddress", "account_emailconfirmation", "store_cache", "strategy_packedition"),
    *("procrastinate_jobs", "procrastinate_events"),  # a job's arguments are ids and fixed words
    "oversight_grant",  # a view, which is its own guard
    "oversight_breakglass",  # likewise
}

FUNCTIONS_OF_WEB = {
    "store.now",
    "store.own_key_store",  # a keyed fingerprint
    "store.note_key_store",
    "access.me",
    "access.my_agency",
    "access.my_unit",
    "access.my_matters",
    "access.my_whole_matters",
    "access.my_partial_matters",
    "access.my_participants",
    "access.my_board_units",
    "access.locked_matters",  # ids of the matters that a board leaves out
    "access.my_emergency_matters",
    "access.next_reference",
    "access.resolve_reference",
    "access.my_administered_unit",
    "access.example_accounts",
    "access.is_seated",
    "access.oversees",
    "access.is_administered",
    "access.set_active",
    "access.take_role",  # of others, in the own unit, by an administrator
    "access.my_reviewed_unit",
    "access.decide_standing",  # by two: who proposes does not accept
    "access.worker_of_link",
    "access.use_link",
    "public.cases_whole_picture",  # numbers only
    "public.cases_re_offers",  # numbers only, of the board's own units
    "public.cases_followed_up",  # with whom it was tried and whether in the unit, for those who have the matter whole
    "public.cases_breaches",  # numbers only, and none under five
    # of these every one begins from `oversight_agencies`, which is empty for all but data protection officers
    *(f"public.oversight_{name}" for name in ("agencies", "controller", "matters", "events", "dealings", "days", "unusual")),
    *("public.oversight_sealed_reason", "public.oversight_ask_agency"),
    "public.cases_carries",  # asks no table
    "public.sharing_is_in_doubt",  # yes or no
    "public.sharing_reviews_law",  # of oneself
    "public.oversight_others",  # who else oversees the own controller: ids of workers, who are known to all
    "public.oversight_break_glass",  # checks everything itself, and says the same of what is hidden and what is missing
    "public.oversight_end_access",  # of an overseen agency's worker, never the own
    "public.oversight_close_glass",  # one's own, or an overseer's
    "public.cases_reopened_as",  # where a case goes on, for those who have the earlier one whole
    "public.procrastinate_defer_jobs_v1",
    "public.audit_newest_moment",  # a time only
    "public.audit_seal_state",  # numbers and times only
}

# Jobs do what is written in a function, and see nothing of it; the rest is the queue's.
FUNCTIONS_OF_WORKER = {
    "store.now",
    "public.audit_newest_moment",
    "public.audit_seal_state",
    "store.own_key_store",
    "store.note_key_store",
    "store.note_destroyed_keys",
    "access.address_for_notice",
    "access.example_accounts",
    "public.cases_escalate_overdue",
    "public.cases_forget_old_forms",
    "public.cases_births",  # sealed dates of birth: a job opens them, to see who turns 18
    "public.cases_notice_birthday",
    "public.oversight_late_reviews",  # whom to remind: ids of workers
    "public.cases_start_duties_to_tell",
    "public.cases_take_digests",  # whose inbox holds how many deadlines
}

OURS = "n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'"


def _privileges(role: str) -> dict[str, set[str]]:
    """The privileges that a role has on whole tables and views."""
    found = rows(
        "SELECT c.relname, p.name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p(name)"
        f" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OURS} AND has_table_privilege(%s, c.oid, p.name)",
        role,
    )
    return {table: {name for of, name in found if of == table} for table, _ in found}


def _columns(role: str, privilege: str) -> dict[str, set[str]]:
    """The columns for which a role has a privilege that it has not for the whole table."""
    found = rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        f" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OURS}"
        " AND has_column_privilege(%s, c.oid, a.attnum, %s) AND NOT has_table_privilege(%s, c.oid, %s)",
        role,
        privilege,
        role,
        privilege,
    )
    return {table: {name for of, name in found if of == table} for table, _ in found}


def test_the_web_role_may_do_what_is_written_here_and_nothing_else(db: None) -> None:
    assert _privileges(WEB) == WEB_MAY
    assert _columns(WEB, "UPDATE") == WEB_MAY_CHANGE
    assert _columns(WEB, "SELECT") == {}
    inserted = _columns(WEB, "INSERT")
    assert set(inserted) == {"cases_case", "audit_event"}


@pytest.mark.req("R-216", part="database roles of jobs, anonymous forms and statistics reach no record")
@pytest.mark.parametrize("role", [WORKER, PUBLIC, STATS])
def test_the_other_roles_reach_no_record(db: None, role: str) -> None:
    assert _privileges(role) == OTHERS_MAY[role]
    assert _columns(role, "UPDATE") == _columns(role, "INSERT") == _columns(role, "SELECT") == {}


@pytest.mark.req("R-217", part="who seals the log reads and adds, and changes none of it")
def test_the_sealer_reaches_the_ledger_and_nothing_else(db: None) -> None:
    assert _privileges(SEALER) == LEDGER
    assert _columns(SEALER, "UPDATE") == {"audit_sealer": {"was_there_at"}}
    assert _columns(SEALER, "SELECT") == {"access_agency": {"id"}}
    assert _columns(SEALER, "INSERT") == {}


@pytest.mark.parametrize("role", [WORKER, PUBLIC, STATS])
def test_the_other_roles_are_refused_also_when_they_say_who_acts(scene: Scene, role: str) -> None:
    scene.record()
    with session_of(role):
        act_as(scene.cast["vink"].id)
        for table in [*RECORD_TABLES, "matters_matter", "cases_case", "access_grant", "audit_event", "access_worker"]:
            with refused():
                rows(f"SELECT * FROM {table}")


def test_statistics_read_facts_and_write_nothing(scene: Scene) -> None:
    with session_of(STATS):
        assert rows("SELECT count(*) FROM cases_fact") == [(0,)]
        with refused():
            run("INSERT INTO cases_fact SELECT * FROM cases_fact")


@pytest.mark.req("R-216", part="every kind of record is guarded by row-level policies")
def test_every_kind_of_record_is_guarded(db: None) -> None:
    shaped = {
        name
        for (name,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            f" WHERE c.relkind IN ('r', 'p') AND {OURS} AND 2 = (SELECT count(*) FROM pg_attribute a"
            " WHERE a.attrelid = c.oid AND a.attname IN ('owner_id', 'readers') AND NOT a.attisdropped)"
        )
    }
    with as_owner():
        registered = {name for (name,) in rows("SELECT name FROM access_record_table")}
    assert shaped == registered == set(RECORD_TABLES)


def test_every_table_that_the_web_role_reaches_has_policies_or_stands_on_the_list(db: None) -> None:
    guarded = {
        name
        for (name,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            f" WHERE c.relkind IN ('r', 'p') AND {OURS} AND c.relrowsecurity"
        )
    }
    reached = set(_privileges(WEB)) | set(_columns(WEB, "UPDATE")) | set(_columns(WEB, "INSERT"))
    assert reached - guarded == WITHOUT_POLICIES
    assert {table for role in (WORKER, STATS, PUBLIC) for table in _privileges(role)} - guarded == {
        "strategy_packedition",
        "django_migrations",
        *JOBS,
    }


def test_every_policy_is_permissive_for_one_named_role(db: None) -> None:
    found = rows("SELECT DISTINCT permissive, roles::text[] FROM pg_policies WHERE NOT starts_with(policyname, 'not_')")
    assert sorted(found) == [("PERMISSIVE", [role]) for role in ("forebyg_sealer", "forebyg_stats", "forebyg_web")]
    assert rows("SELECT tablename FROM pg_policies WHERE 'forebyg_stats' = ANY (roles)") == [("cases_fact",)]
    assert rows("SELECT tablename, cmd FROM pg_policies WHERE 'forebyg_sealer' = ANY (roles)") == [("audit_event", "SELECT")]


def test_what_broken_glass_does_not_reach_is_taken_away_from_every_policy(db: None) -> None:
    found = rows(
        "SELECT tablename, cmd, roles::text[] FROM pg_policies WHERE permissive = 'RESTRICTIVE' OR starts_with(policyname, 'not_')"
        " ORDER BY 1, 2"
    )
    assert found == [
        ("access_admission", "INSERT", [WEB]),
        ("access_admission", "UPDATE", [WEB]),
        ("access_grant", "INSERT", [WEB]),
        ("access_grant", "UPDATE", [WEB]),
        ("cases_case", "UPDATE", [WEB]),
        ("cases_casemove", "INSERT", [WEB]),
    ]
    assert rows("SELECT count(*) FROM pg_policies WHERE permissive = 'RESTRICTIVE'") == [(6,)]


def test_each_role_runs_only_the_functions_written_here(db: None) -> None:
    queue = {f"public.{name}" for (name,) in rows("SELECT proname FROM pg_proc WHERE starts_with(proname, 'procrastinate_')")}
    may = {
        WEB: FUNCTIONS_OF_WEB,
        WORKER: FUNCTIONS_OF_WORKER | queue,
        PUBLIC: {"store.now"},
        STATS: {"store.now"},
        SEALER: set(),
    }
    for role, expected in may.items():
        found = rows(
            "SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            f" WHERE {OURS} AND has_function_privilege(%s, p.oid, 'EXECUTE')",
            role,
        )
        assert {name for (name,) in found} == expected, role


def test_functions_that_run_as_the_owner_fix_their_search_path(db: None) -> None:
    found = rows(
        "SELECT n.nspname || '.' || p.proname, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE {OURS} AND p.prosecdef"
    )
    assert found
    for name, settings in found:
        assert "search_path=public, pg_temp" in (settings or []), name


def test_no_role_is_a_member_of_another(db: None) -> None:
    found = rows(
        "SELECT m.roleid::regrole::text, m.member::regrole::text FROM pg_auth_members m"
        " WHERE m.roleid::regrole::text LIKE 'forebyg%%' OR m.member::regrole::text LIKE 'forebyg%%'"
    )
    assert found == []


def test_no_role_has_powers(db: None) -> None:
    found = rows(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND NOT"
        " (rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)",
        list(ROLES),
    )
    assert {name for (name,) in found} == set(ROLES)


def test_only_the_owner_owns(db: None) -> None:
    kinds = {
        "pg_class": ("relowner", "relnamespace"),
        "pg_proc": ("proowner", "pronamespace"),
        "pg_type": ("typowner", "typnamespace"),
    }
    for catalog, (owner, namespace) in kinds.items():
        found = rows(
            f"SELECT DISTINCT pg_get_userbyid(o.{owner}) FROM {catalog} o JOIN pg_namespace n ON n.oid = o.{namespace} WHERE {OURS}"
        )
        assert found == [(OWNER,)], catalog
    assert {
        owner for (owner,) in rows("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname IN ('access', 'store')")
    } == {OWNER}


@pytest.mark.parametrize("role", [WEB, WORKER, PUBLIC, STATS, SEALER])
@pytest.mark.parametrize("is_copy", [False, True], ids=["template", "copy"])
def test_no_role_that_serves_makes_tables_of_its_own_for_a_while(db: None, role: str, is_copy: bool) -> None:
    """Asked of the template, which was prepared as the product's database is, and of the copy that the tests work in."""
    database = connection.settings_dict["NAME"] if is_copy else TEMPLATE
    assert [rows("SELECT has_database_privilege(%s, %s, %s)", role, database, wanted) for wanted in _OF_A_DATABASE] == [
        [(True,)],
        [(False,)],
        [(False,)],
    ]


def test_everyone_else_is_kept_out_of_the_database(db: None) -> None:
    given = "SELECT d.datacl IS NOT NULL, count(a) FROM pg_database d LEFT JOIN aclexplode(d.datacl) a ON a.grantee = 0"
    assert rows(given + " WHERE d.datname = current_database() GROUP BY 1") == [(True, 0)]


_OF_A_DATABASE = ("CONNECT", "TEMPORARY", "CREATE")


@pytest.mark.parametrize("role", [WEB, WORKER, PUBLIC, STATS, SEALER])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET ROLE forebyg_owner",
        "ALTER TABLE cases_item DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE cases_item DISABLE TRIGGER own_record",
        "DROP POLICY read_whole ON cases_item",
        "TRUNCATE cases_item",
        "SELECT * FROM access.live_grant",
        "UPDATE store_clock_offset SET \"offset\" = '1 day'",
        "UPDATE matters_counter SET last = 0",
        "INSERT INTO access_record_table VALUES ('access_worker')",
        "INSERT INTO access_roleholding SELECT gen_random_uuid(), 'secretariat', access.me()",
        "SET session_replication_role = replica",
        "COPY cases_item TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
    ],
)
def test_no_role_that_serves_may_change_the_rules(db: None, role: str, statement: str) -> None:
    with session_of(role), refused():
        run(statement)


def test_a_worker_changes_nobodys_sign_in_but_the_own(scene: Scene) -> None:
    me, other = scene.act("vink"), scene.cast["dks"]
    assert run("UPDATE access_worker SET password = 'x' WHERE id = %s", me.id) == 1
    assert run("UPDATE access_worker SET password = 'x' WHERE id = %s", other.id) == 0


def test_a_worker_cannot_move_to_another_agency_or_back_to_work(cast: dict[str, Worker]) -> None:
    act_as(cast["vink"].id)
    for assignment in ("agency_id = id", "unit_id = id", "is_active = true", "is_system = true", "email = name"):
        with refused():
            run(f"UPDATE access_worker SET {assignment}")


@pytest.mark.req("R-213", part="the board is the secretariat's alone")
def test_the_board_is_of_the_same_roles_in_postgresql_and_in_the_permissions(cast: dict[str, Worker]) -> None:
    from forebyg.access.permissions import BOARD_ROLES, Role

    worker = cast["administrator"]
    with as_owner():
        run("DELETE FROM access_roleholding WHERE worker_id = %s", worker.id)
    for role in Role:
        with as_owner():
            run("INSERT INTO access_roleholding VALUES (gen_random_uuid(), %s, %s)", role.value, worker.id)
        act_as(worker.id)
        units = rows("SELECT access.my_board_units()")[0][0]
        assert units == ([worker.unit_id] if role in BOARD_ROLES else []), role
        with as_owner():
            run("DELETE FROM access_roleholding WHERE worker_id = %s", worker.id)
