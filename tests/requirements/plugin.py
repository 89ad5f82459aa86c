"""Pytest plugin: reads `@pytest.mark.req("R-069", part="...")` and records what each test showed.

Loaded with `-p tests.requirements.plugin`. The first run of a `make test` gives `--req-reset`, which empties the
record; later runs add to it. Under xdist the marks travel with the reports, and the controller alone writes.
"""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from tests.requirements.document import DOCUMENT, read_requirements
from tests.requirements.record import RECORD, Mark, Shown, merge_into_record

_PROPERTY = "requirement"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--req-reset`."""
    parser.addoption(
        "--req-reset",
        action="store_true",
        help="empty the record of shown requirements before this run instead of adding to it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark, and the reader of marks; outside xdist's workers also the writer of the record."""
    config.addinivalue_line(
        "markers",
        "req(*ids, part=None): the requirements of docs/requirements.md this test shows, or shows in part",
    )
    known = frozenset(read_requirements(config.rootpath / DOCUMENT))
    config.pluginmanager.register(MarkReader(known), "requirement-marks")
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        writer = RecordWriter(config.rootpath / RECORD, reset=config.getoption("--req-reset"))
        config.pluginmanager.register(writer, "requirement-record")


class MarkReader:
    """Turns marks into report properties; a mark that cannot be right is an error of collection."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Fail the collection of a file or class that holds a mark naming no requirement or an unknown one."""
        report = yield
        items = [node for node in report.result or () if isinstance(node, pytest.Item)]
        faults = [fault for item in items for fault in self._faults(item)]
        if not faults:
            return report
        return pytest.CollectReport(
            nodeid=collector.nodeid,
            outcome="failed",
            longrepr="\n".join(faults),
            result=[],
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Give the marks to the test's reports, which carry them from a worker to the controller."""
        for mark in marks_of(item):
            item.user_properties.append((_PROPERTY, mark.as_json()))

    def _faults(self, item: pytest.Item) -> Iterator[str]:
        for given in item.iter_markers("req"):
            if not given.args:
                yield f"{item.nodeid}: mark `req` names no requirement"
            if surplus := set(given.kwargs) - {"part"}:
                yield f"{item.nodeid}: mark `req` does not take {', '.join(sorted(surplus))}"
            for requirement_id in given.args:
                if not isinstance(requirement_id, str) or requirement_id not in self.known:
                    yield f"{item.nodeid}: {requirement_id!r} does not stand in {DOCUMENT}"


class RecordWriter:
    """Collects outcomes on the controller and merges them into the record when the run ends."""

    def __init__(self, path: Path, *, reset: bool) -> None:
        self.path = path
        self.reset = reset
        self.ran: dict[str, Shown] = {}

    def pytest_sessionstart(self) -> None:
        """Empty the record first, so that a run that breaks off leaves no older result behind."""
        if self.reset:
            self.path.unlink(missing_ok=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Fold the phases of one test into one outcome."""
        marks = tuple(
            Mark.from_json(cast("Mapping[str, Any]", value)) for name, value in report.user_properties if name == _PROPERTY
        )
        outcome = fold_outcome(
            self.ran[report.nodeid].outcome if report.nodeid in self.ran else None,
            report,
        )
        self.ran[report.nodeid] = Shown(outcome, marks)

    def pytest_sessionfinish(self) -> None:
        """Write what ran."""
        merge_into_record(self.path, self.ran)


def marks_of(item: pytest.Item) -> tuple[Mark, ...]:
    """The requirement marks of a test, its class's and module's included."""
    return tuple(Mark(tuple(given.args), given.kwargs.get("part")) for given in item.iter_markers("req"))


def fold_outcome(before: str | None, report: pytest.TestReport) -> str:
    """The outcome of a test after one more of its phases.

    Only a test whose every phase passed has passed: a failing teardown spoils it, and neither an expected failure
    nor an unexpected success shows anything.
    """
    if hasattr(report, "wasxfail"):
        return "xfailed"
    if before is None or before == "passed":
        return report.outcome
    return "failed" if report.failed else before
