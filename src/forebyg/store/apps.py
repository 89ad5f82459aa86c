"""The room `store`: PostgreSQL, the time it lives in, and sealed fields with their keys."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Holds the one row that moves the clock in a replay, and the shared cache."""

    name = "forebyg.store"
    label = "store"
