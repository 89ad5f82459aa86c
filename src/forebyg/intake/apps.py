"""Concerns: how a matter begins."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Adds to cases what only intake knows: taking in a concern that has arisen."""

    name = "forebyg.intake"
    label = "intake"

    def ready(self) -> None:
        """Register the move from the first step to the second, and who is never named in what is told."""
        from forebyg.cases.acts import move_act, register_act
        from forebyg.cases.third_persons import register_names
        from forebyg.intake.forms import ReceiveConcern
        from forebyg.intake.reporters import names_of_reporters

        register_names(names_of_reporters)
        register_act(move_act("modtag", ReceiveConcern, "receive"))
