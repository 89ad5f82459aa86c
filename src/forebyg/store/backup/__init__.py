"""Backups: the database and the key store, each whole or not at all, verified after writing, and brought back."""
