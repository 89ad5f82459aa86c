"""The data protection officer's desk: the ledger of the own controller, and access reviews."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The data protection officer's desk: the ledger of the own controller, and access reviews."""

    name = "forebyg.oversight"
    label = "oversight"
