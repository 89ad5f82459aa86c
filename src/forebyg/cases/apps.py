"""The nine steps, items, clocks, tasks, timeline and the primitive disclose."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The nine steps, items, clocks, tasks, timeline and the primitive disclose."""

    name = "forebyg.cases"
    label = "cases"
