"""Forebyg: the case and coordination system of a cross-agency prevention unit."""
