"""`python -m tests.requirements`: print what no passing test shows yet."""

import sys
from pathlib import Path

from tests.requirements.coverage import measure
from tests.requirements.document import DOCUMENT, read_requirements
from tests.requirements.record import RECORD, read_record


def main(root: Path) -> int:
    """Print the report for the checkout at `root`. Returns the exit status: 2 when no run has been recorded."""
    requirements = read_requirements(root / DOCUMENT)
    try:
        tests = read_record(root / RECORD)
    except FileNotFoundError:
        print(f"{RECORD} is not there: run `make test` first", file=sys.stderr)
        return 2
    for line in measure(requirements.values(), tests).lines():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2]))
