"""Unit meetings: the case as an item of the agenda, in one legal forum, and its minutes."""
