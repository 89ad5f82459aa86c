"""Controllers, agencies, units, workers, roles and grants; the policy functions that read grants."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Controllers, agencies, units, workers, roles and grants; the policy functions that read grants."""

    name = "forebyg.access"
    label = "access"
