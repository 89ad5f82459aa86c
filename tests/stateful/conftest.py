"""Prints how many steps were played, whichever processes played them."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line with the numbers, and how often each deed was done."""
    played: dict[str, Counter[str]] = {"accepted": Counter(), "refused": Counter()}
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, counts in report.user_properties:
            if name.startswith("stateful-"):
                played[name.removeprefix("stateful-")].update(counts)
    if accepted := played["accepted"]:
        terminalreporter.section("steps against the oracle")
        terminalreporter.write_line(f"{accepted.total()} steps accepted, {played['refused'].total()} refused on both sides")
        terminalreporter.write_line(", ".join(f"{name} {count}" for name, count in accepted.most_common()))
