"""The tool that tells which requirements no test shows, tried on a small document of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.requirements.__main__ import main
from tests.requirements.coverage import measure
from tests.requirements.document import DOCUMENT, DocumentError, read_requirements
from tests.requirements.record import (
    RECORD,
    Mark,
    Shown,
    merge_into_record,
    read_record,
)

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = """# Sample

- **R-001** [must] Register every contact.
- **R-002** [implied] Timestamp receipt.
- **B-001** One stable reference.

- **A-01** A point. **Reading:** a reading.
"""


def write_sample(root: Path) -> None:
    (root / "docs").mkdir(exist_ok=True)
    (root / DOCUMENT).write_text(SAMPLE, encoding="utf-8")


def recorded(root: Path) -> dict[str, Any]:
    tests: dict[str, Any] = json.loads((root / RECORD).read_text(encoding="utf-8"))["tests"]
    return tests


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of its own with the sample document, where this plugin can be imported."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    write_sample(pytester.path)
    return pytester


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    plugin = ("-p", "tests.requirements.plugin")
    if "-n" in arguments:
        return project.runpytest_subprocess(*plugin, "-p", "xdist", *arguments)
    return project.runpytest_inprocess(*plugin, *arguments)


def test_the_projects_own_document_counts_requirements_and_not_readings() -> None:
    requirements = read_requirements(ROOT / DOCUMENT)
    kinds = [requirement_id[:2] for requirement_id in requirements]
    assert (kinds.count("R-"), kinds.count("B-"), kinds.count("A-")) == (235, 40, 36)
    assert measure(requirements.values(), {}).total == 275


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "requirements.md"
    path.write_text("- **R-001** [must] One.\n- **R-001** [must] Two.\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="R-001 stands twice"):
        read_requirements(path)


def test_a_document_without_requirements_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "requirements.md"
    path.write_text("# Nothing\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="no requirements"):
        read_requirements(path)


def test_only_a_passed_test_shows_a_requirement(tmp_path: Path) -> None:
    write_sample(tmp_path)
    requirements = read_requirements(tmp_path / DOCUMENT)
    tests = {
        "a": Shown("failed", (Mark(("R-001",)),)),
        "b": Shown("skipped", (Mark(("R-002",)),)),
        "c": Shown("xfailed", (Mark(("B-001",)),)),
    }
    assert list(measure(requirements.values(), tests).lines()) == [
        "missing R-001 Register every contact.",
        "missing R-002 Timestamp receipt.",
        "missing B-001 One stable reference.",
        "shown 0 of 3",
    ]


def test_a_part_is_not_the_whole_until_a_whole_mark_passes(tmp_path: Path) -> None:
    write_sample(tmp_path)
    requirements = read_requirements(tmp_path / DOCUMENT)
    tests = {
        "a": Shown("passed", (Mark(("R-001", "R-002"), part="to the minute"),)),
        "b": Shown("passed", (Mark(("R-001",), part="by telephone"),)),
        "c": Shown("passed", (Mark(("R-002", "B-001", "A-01")),)),
    }
    assert list(measure(requirements.values(), tests).lines()) == [
        "partly R-001 Register every contact. (by telephone; to the minute)",
        "shown 2 of 3",
    ]


def test_a_run_records_outcome_ids_and_part(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_sample="""
        import pytest

        @pytest.mark.req("R-001", "B-001")
        @pytest.mark.req("R-002", part="by telephone")
        def test_passes():
            pass

        @pytest.mark.req("R-001")
        def test_fails():
            assert False

        @pytest.mark.req("R-001")
        @pytest.mark.skip
        def test_is_skipped():
            pass

        @pytest.mark.req("R-001")
        @pytest.mark.xfail
        def test_passes_unexpectedly():
            pass

        @pytest.fixture
        def breaks_afterwards():
            yield
            raise RuntimeError

        @pytest.mark.req("R-001")
        def test_fails_afterwards(breaks_afterwards):
            pass

        def test_is_unmarked():
            pass
        """
    )
    run(project, "--strict-markers").assert_outcomes(passed=3, failed=1, skipped=1, xpassed=1, errors=1)
    tests = recorded(project.path)
    assert tests["test_sample.py::test_passes"] == {
        "outcome": "passed",
        "marks": [
            {"ids": ["R-002"], "part": "by telephone"},
            {"ids": ["R-001", "B-001"], "part": None},
        ],
    }
    assert {test_id.partition("::")[2]: entry["outcome"] for test_id, entry in tests.items()} == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_is_skipped": "skipped",
        "test_passes_unexpectedly": "xfailed",
        "test_fails_afterwards": "failed",
    }


def test_the_marks_of_a_class_and_a_module_count_for_each_test(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(
        test_sample="""
        import pytest

        pytestmark = pytest.mark.req("R-001")

        @pytest.mark.req("R-002")
        class TestGroup:
            def test_passes(self):
                pass
        """
    )
    run(project).assert_outcomes(passed=1)
    (entry,) = recorded(project.path).values()
    assert {requirement_id for mark in entry["marks"] for requirement_id in mark["ids"]} == {"R-001", "R-002"}


def test_the_record_is_whole_when_workers_run_the_tests(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(
        test_sample="""
        import pytest

        @pytest.mark.req("R-001", part="by telephone")
        @pytest.mark.parametrize("entry_point", ["one", "other"])
        def test_passes(entry_point):
            pass
        """
    )
    run(project, "-n", "2").assert_outcomes(passed=2)
    assert [entry["outcome"] for entry in recorded(project.path).values()] == [
        "passed",
        "passed",
    ]
    assert all(entry["marks"] == [{"ids": ["R-001"], "part": "by telephone"}] for entry in recorded(project.path).values())


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ('req("R-999")', "'R-999' does not stand in docs/requirements.md"),
        ("req()", "names no requirement"),
        ('req(["R-001"])', "does not stand in"),
        ('req("R-001", share="half")', "does not take share"),
    ],
    ids=["unknown", "empty", "list", "surplus"],
)
def test_a_mark_that_cannot_be_right_is_an_error_at_collection(project: pytest.Pytester, mark: str, told: str) -> None:
    project.makepyfile(
        test_sample=f"""
        import pytest

        @pytest.mark.{mark}
        def test_passes():
            pass
        """
    )
    result = run(project)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*test_sample.py::test_passes*{told}*"])


def test_an_unknown_id_is_an_error_at_collection_when_workers_run_the_tests(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(test_sample="import pytest\n@pytest.mark.req('R-999')\ndef test_passes():\n    pass\n")
    result = run(project, "-n", "1")
    assert result.ret != pytest.ExitCode.OK
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*'R-999' does not stand in*"])


def test_runs_add_to_the_record_until_it_is_reset(project: pytest.Pytester) -> None:
    marked = "import pytest\n@pytest.mark.req('R-001')\ndef test_passes():\n    pass\n"
    project.makepyfile(test_first=marked, test_second=marked)
    run(project, "--req-reset", "test_first.py")
    run(project, "test_second.py")
    assert len(recorded(project.path)) == 2
    run(project, "--req-reset", "test_second.py")
    assert list(recorded(project.path)) == ["test_second.py::test_passes"]


def test_a_test_that_lost_its_mark_leaves_the_record(tmp_path: Path) -> None:
    path = tmp_path / RECORD
    merge_into_record(
        path,
        {
            "a": Shown("passed", (Mark(("R-001",)),)),
            "b": Shown("passed", (Mark(("R-002",)),)),
        },
    )
    merge_into_record(path, {"a": Shown("passed", ())})
    assert list(read_record(path)) == ["b"]


def test_listing_the_tests_records_nothing(project: pytest.Pytester) -> None:
    project.makepyfile(test_sample="import pytest\n@pytest.mark.req('R-001')\ndef test_passes():\n    pass\n")
    run(project, "--collect-only", "--req-reset")
    assert not (project.path / RECORD).exists()


def test_the_command_prints_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sample(tmp_path)
    merge_into_record(tmp_path / RECORD, {"a": Shown("passed", (Mark(("R-001", "B-001")),))})
    assert main(tmp_path) == 0
    assert capsys.readouterr().out.splitlines() == [
        "missing R-002 Timestamp receipt.",
        "shown 2 of 3",
    ]


def test_the_command_asks_for_a_run_when_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sample(tmp_path)
    assert main(tmp_path) == 2
    assert "make test" in capsys.readouterr().err
