"""The tool itself, on a tiny sample; and that what it would run on the real database is valid SQL."""

import json
import os
import textwrap
from pathlib import Path

import pytest
from tests import database
from tests.mutants import running
from tests.mutants.guarded_twice import GUARDED_TWICE
from tests.mutants.mutant import Edit, Mutant, Turn
from tests.mutants.of_code import checks_in, mutants_of_code
from tests.mutants.of_database import conjuncts, mutants_of_database
from tests.mutants.of_packs import asked, mutants_of_packs
from tests.mutants.running import Fate, Result, Scope, failing_without_a_mutant, run_batch

from forebyg.law.scenario import read_scenarios

ROOT = Path(__file__).parents[2]

SAMPLE = """
from x import Permission, require

MENU = [("Å", Permission.SEE_CASES)]


def act(worker, move, permission=Permission.ASSESS):
    require(worker, permission)
    begin(worker=worker, permission=move.permission)
    begin(worker=worker, permission=permission)
    if not worker.may(Permission.READ_STRATEGY):
        raise NotPermitted("Æ")
"""


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("true", ["true"]),
        ("(a = b)", ["a = b"]),
        ("((a = ANY (( SELECT f() AS f)::uuid[])) AND (b <> '{}'))", ["(a = ANY (( SELECT f() AS f)::uuid[]))", "(b <> '{}')"]),
        ("((a = 1) OR (b = 2))", ["((a = 1) OR (b = 2))"]),
        ("(((a = 1) OR (b = 2)) AND (c = ' AND (') AND d)", ["((a = 1) OR (b = 2))", "(c = ' AND (')", "d"]),
    ],
)
def test_a_condition_is_taken_apart(expression: str, parts: list[str]) -> None:
    assert conjuncts(expression) == parts


def test_each_check_of_a_module_is_found_and_broken_alone() -> None:
    mutants = checks_in(SAMPLE, Path("src/forebyg/room/actions.py"))
    edited = [mutant.edit.apply(SAMPLE) for mutant in mutants if mutant.edit]
    changed = [
        next(new for old, new in zip(SAMPLE.splitlines(), text.splitlines(), strict=True) if old != new) for text in edited
    ]
    assert changed[:3] == [
        'MENU = [("Å", Permission.READ_STRATEGY)]',
        "def act(worker, move, permission=Permission.READ_STRATEGY):",
        "    None",
    ]
    assert "move.permission" not in changed[3]
    assert changed[4:] == ["    if not worker.may(Permission.ADMINISTER):", "        pass"]
    assert mutants[0].name == "room/actions.py:4 asks READ_STRATEGY instead of SEE_CASES"
    for text in edited:
        compile(text, "sample", "exec")


def test_a_file_that_changed_is_not_edited_somewhere_else() -> None:
    edit = Edit("m", "m.py", 3, "abc", "x")
    assert edit.apply("___abc") == "___x"
    with pytest.raises(ValueError, match="has changed"):
        edit.apply("____abc")


def test_every_mutant_of_our_code_can_be_compiled() -> None:
    mutants = mutants_of_code(ROOT)
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    for mutant in mutants:
        assert Mutant.of_fields(json.loads(json.dumps(mutant.as_fields()))) == mutant
        if mutant.edit is not None:
            compile(mutant.edit.apply((ROOT / mutant.edit.path).read_text()), mutant.edit.path, "exec")


def test_every_policy_and_trigger_is_broken_by_valid_sql() -> None:
    with database.superuser(database.TEMPLATE) as connection:
        mutants = mutants_of_database(connection)
        names = {mutant.name for mutant in mutants}
        for table, policy in connection.execute("SELECT tablename, policyname FROM pg_policies"):
            assert f"policy {policy} on {table}: dropped" in names
        for mutant in mutants:
            with connection.transaction(force_rollback=True):
                connection.execute(mutant.statement.encode())
    assert len(names) == len(mutants)
    assert set(GUARDED_TWICE) <= names | {mutant.name for mutant in mutants_of_code(ROOT)}, "a reason for a mutant that is gone"


def test_every_rule_of_the_law_packs_is_left_out_in_turn() -> None:
    mutants = mutants_of_packs()
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    for mutant in mutants:
        assert mutant.rules().pack.meta.id == mutant.pack_id
    names = {mutant.name for mutant in mutants}
    assert {
        "pack dk-2016: provisions rpl-115a exchange[0].asks.from left out",
        "pack dk-2016: provisions rpl-2016-revision valid_from left out",
        "pack dk-2016: forums ksp members[prison-service] left out",
        "pack dk-2026: consent_rules the-person rows[1].asks[guardians] left out",
        "pack dk-2026: doubts housing-release-notice recipients left out",
        "pack dk-2026: forums ksp persons[2].standing left out",
        "pack dk-2026: provisions sel-12b measures[2].asks.age.from a year off",
    } <= names


def test_a_rule_left_out_of_a_pack_is_noticed_by_a_scenario_and_not_without_one() -> None:
    (mutant,) = [
        one for one in mutants_of_packs() if one.name == "pack dk-2016: provisions rpl-115a exchange[0].asks.from left out"
    ]
    (noticed,) = asked([mutant], read_scenarios())
    assert (noticed.fate, bool(noticed.by)) == (Fate.KILLED, True)
    assert next(asked([mutant], [])).fate is Fate.SURVIVED


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one guarded function and a test of it."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT), str(ROOT / "src")]))
    monkeypatch.setattr(running, "OPTIONS", (*running.OPTIONS, "-p", "no:django", "-p", "no:randomly"))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "guarded_sample.py").write_text("def may(role):\n    return role == 'owner'\n")
    (tmp_path / "test_guarded_sample.py").write_text(
        textwrap.dedent(
            """
            import guarded_sample


            def test_an_owner_may():
                assert guarded_sample.may("owner")


            def test_a_stranger_may_not():
                assert not guarded_sample.may("stranger")
            """
        )
    )
    return tmp_path


def _asked(project: Path, replacement: str, *, without: tuple[str, ...] = (), start: int = 26) -> Result:
    edit = Edit("guarded_sample", "guarded_sample.py", start, "role == 'owner'", replacement)
    mutant = Mutant("sample", edit=edit)
    return run_batch([mutant], Scope(project, paths=["test_guarded_sample.py"], without=without), place=90)[0]


def test_a_mutant_that_a_test_notices_is_killed(project: Path) -> None:
    result = _asked(project, "True")
    assert (result.fate, result.by) == (Fate.KILLED, "test_guarded_sample.py::test_a_stranger_may_not")
    assert "role == 'owner'" in (project / "guarded_sample.py").read_text(), "nothing on disk is changed"


def test_a_mutant_that_no_test_notices_survives(project: Path) -> None:
    result = _asked(project, "'owner' == role")
    assert (result.fate, result.by) == (Fate.SURVIVED, "")


def test_without_the_test_that_noticed_it_survives(project: Path) -> None:
    assert _asked(project, "True", without=("test_guarded_sample.py::test_a_stranger_may_not",)).fate is Fate.SURVIVED


def test_a_mutant_that_breaks_the_import_is_noticed(project: Path) -> None:
    result = _asked(project, "no such syntax")
    assert (result.fate, result.by) == (Fate.KILLED, "collecting test_guarded_sample.py")


def test_a_mutant_that_is_never_loaded_proves_nothing(project: Path) -> None:
    (project / "test_guarded_sample.py").write_text("def test_something_else():\n    pass\n")
    result = _asked(project, "True")
    assert (result.fate, result.by) == (Fate.BROKEN, "no test loads the module")


def test_a_mutant_of_a_file_that_changed_proves_nothing(project: Path) -> None:
    assert _asked(project, "True", start=25).fate is Fate.BROKEN


def test_tests_that_fail_anyway_are_told(project: Path) -> None:
    assert failing_without_a_mutant([], Scope(project, paths=["test_guarded_sample.py"])) == []
    (project / "test_failing.py").write_text("def test_it():\n    assert False\n")
    assert failing_without_a_mutant([], Scope(project, paths=["."])) == ["test_failing.py::test_it"]


@pytest.mark.parametrize(
    ("mutant", "fate"),
    [
        (
            Mutant(
                "policy",
                statement="DROP POLICY read_whole ON cases_item",
                first=("src/forebyg/access/tests/test_policies.py",),
                near=("cases_item",),
            ),
            Fate.KILLED,
        ),
        (
            Mutant("comment", statement="COMMENT ON TABLE cases_item IS 'x'", first=("src/forebyg/matters/tests",)),
            Fate.SURVIVED,
        ),
        (
            Mutant("role", turn=Turn("MENTOR", "CLOSE_CASE"), first=("src/forebyg/access/tests/test_permissions.py",)),
            Fate.KILLED,
        ),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_the_real_guards_are_broken_and_mended_again(mutant: Mutant, fate: Fate) -> None:
    untouched = Mutant("untouched", statement="SELECT 1", first=("src/forebyg/matters/tests",))
    results = run_batch([mutant, untouched], Scope(ROOT, nearest=True), place=91)
    assert [(result.mutant.name, result.fate) for result in results] == [(mutant.name, fate), ("untouched", Fate.SURVIVED)]
