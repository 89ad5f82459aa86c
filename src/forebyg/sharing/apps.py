"""The legal gate in use."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The legal gate in use: nothing crosses an agency border without a finding that allows it."""

    name = "forebyg.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Stand in front of what crosses a border, and offer what is done through the gate."""
        from forebyg.cases.finding import register_gate
        from forebyg.sharing.gate import finding_to_name

        register_gate(finding_to_name)
