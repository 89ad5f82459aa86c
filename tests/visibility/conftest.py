"""Prints how many combinations were compared, whichever process compared them."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line with the number."""
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, value in report.user_properties:
            if name == "visibility":
                combinations, differences = value
                terminalreporter.write_line(
                    f"{combinations} combinations of worker and row compared, {differences} differences"
                )
