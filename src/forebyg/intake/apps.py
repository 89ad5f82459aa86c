"""Concerns: how a matter begins."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Adds to cases what only intake knows: taking in a concern that has arisen."""

    name = "forebyg.intake"
    label = "intake"

    def ready(self) -> None:
        """Register the move from the first step to the second."""
        from forebyg.cases.acts import move_act, register_act
        from forebyg.intake.forms import ReceiveConcern

        register_act(move_act("modtag", ReceiveConcern, "receive"))
