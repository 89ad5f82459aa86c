"""The legal gate in use."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The legal gate in use: nothing crosses an agency border without a finding that allows it."""

    name = "forebyg.sharing"
    label = "sharing"
