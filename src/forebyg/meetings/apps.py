"""Unit meetings."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Adds to cases that they are taken up at unit meetings, and the minutes of that."""

    name = "forebyg.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Offer the tab and what is done on it."""
        from forebyg.access.permissions import Permission
        from forebyg.cases import known
        from forebyg.cases.acts import ANY, OPEN, Act, register_act
        from forebyg.cases.tabs import register_tab
        from forebyg.cases.views.tab_timeline import TOLD_ON
        from forebyg.meetings.forms import CorrectMinutes, SetOnAgenda, TellAtItem, WriteMinutes
        from forebyg.meetings.models import AgendaItem
        from forebyg.meetings.views import MEETINGS

        tab = MEETINGS.code
        register_tab(MEETINGS)
        known.register_count(tab, AgendaItem, "true")
        TOLD_ON.update(dict.fromkeys(("meetings_agendaitem", "meetings_minutes"), MEETINGS))
        register_act(Act("dagsorden", SetOnAgenda, Permission.BRING_TO_UNIT, "record", OPEN, tab=tab))
        register_act(Act("fortael", TellAtItem, Permission.DISCLOSE, "sharing", ANY, on_row=True, tab=tab))
        register_act(Act("referat", WriteMinutes, Permission.RECORD_DISCUSSION, "record", ANY, on_row=True, tab=tab))
        register_act(Act("ret-referat", CorrectMinutes, Permission.CORRECT, "correct", ANY, on_row=True, tab=tab))
