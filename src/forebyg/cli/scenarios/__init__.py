"""Invented cases and how they are played: by the actions that the pages call, on days that the database then lives in."""
