"""Strategy packs: a municipality's strategy and action plan as versioned data."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """Strategy packs: a municipality's strategy and action plan as versioned data."""

    name = "forebyg.strategy"
    label = "strategy"
