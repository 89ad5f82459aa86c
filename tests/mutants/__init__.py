"""Are the tests worth anything? Breaks one guard at a time and asks that a test notices: `python -m tests.mutants`."""
