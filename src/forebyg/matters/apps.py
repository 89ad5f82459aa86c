"""The bare root: a matter and its stable reference."""

from django.apps import AppConfig


class MattersConfig(AppConfig):
    """The bare root: a matter and its stable reference."""

    name = "forebyg.matters"
    label = "matters"
