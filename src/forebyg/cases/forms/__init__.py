"""One form for each thing that can be done in a case. A form holds what is asked, never a rule: the action has those."""
