"""Guards that stand behind another guard: breaking one alone changes nothing that a worker or a law could notice."""

GUARDED_TWICE = {
    "policy admit on access_admission: WITH CHECK (true)": "the trigger check_admission asks who acts too",
    "policy give on access_grant: WITH CHECK (true)": "the trigger check_grant asks who acts too",
}
"""The mutant's name, and what guards the same."""
