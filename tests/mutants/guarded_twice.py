"""Guards that stand behind another guard: breaking one alone changes nothing that a worker or a law could notice."""

GUARDED_TWICE = {
    "function access.check_admission: refusal 1 left out (an admission is made by the one who acts)": "the policy admit asks too",
    "function access.check_grant: refusal 1 left out (a grant is given by the one who acts)": "the policy give asks too",
    "policy admit on access_admission: WITH CHECK (true)": "the trigger check_admission asks who acts too",
    "policy give on access_grant: WITH CHECK (true)": "the trigger check_grant asks who acts too",
    "policy end_whole on access_admission: WITH CHECK (true)": "USING leaves ended rows alone, so there is no end to take back",
    "policy end_whole on access_grant: WITH CHECK (true)": "USING leaves ended rows alone, so there is no end to take back",
    "policy change_own on cases_disclosure: WITH CHECK (true)": "USING leaves withdrawn rows alone, so there is none to take back",
    "policy write_whole on cases_disclosure: WITH CHECK without (owner_id = my_agency)": "the trigger follow_disclosure asks too",
}
"""The mutant's name, and what guards the same."""
