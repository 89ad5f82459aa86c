"""The ledger: every read and write of personal data, in the same transaction."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The ledger: every read and write of personal data, in the same transaction."""

    name = "forebyg.audit"
    label = "audit"
