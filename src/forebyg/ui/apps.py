"""Base templates and components; no domain words."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Base templates and components; no domain words."""

    name = "forebyg.ui"
    label = "ui"
