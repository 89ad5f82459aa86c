"""English formats (British usage, 24-hour clock)."""
