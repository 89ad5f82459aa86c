"""Participants of a matter and their relations."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Participants of a matter and their relations."""

    name = "forebyg.people"
    label = "people"
