"""Concerns: how a matter begins."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Concerns: how a matter begins."""

    name = "forebyg.intake"
    label = "intake"
