"""The legal gate in use."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The legal gate in use: nothing crosses an agency border without a finding that allows it."""

    name = "forebyg.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Stand in front of what crosses a border, and offer what is done through the gate."""
        from forebyg.access.permissions import Permission
        from forebyg.cases.actions.telling import ON_PAPER
        from forebyg.cases.acts import ANY, OPEN, Act, register_act
        from forebyg.cases.finding import register_gate
        from forebyg.cases.tabs import SHARING, Panel, register_panel
        from forebyg.cases.views.tab_timeline import TOLD_ON
        from forebyg.sharing.actions import tell_of_letters
        from forebyg.sharing.contact_forms import ContactParent
        from forebyg.sharing.forms import AdmitAgency, Disclose, WriteLetter
        from forebyg.sharing.gate import finding_to_name
        from forebyg.sharing.law_forms import ClarifyDoubt, RaiseDoubt
        from forebyg.sharing.letter_forms import WithdrawLetter
        from forebyg.sharing.measures.registering import offer_decisions
        from forebyg.sharing.requests.registering import offer_requests
        from forebyg.sharing.views.contacts import contacts
        from forebyg.sharing.views.doubts import open_doubts
        from forebyg.sharing.views.letters import letters

        register_gate(finding_to_name)
        ON_PAPER.append(tell_of_letters)
        register_panel(SHARING, Panel("sharing/doubts.html", open_doubts))
        register_panel(SHARING, Panel("sharing/letters.html", letters))
        register_panel(SHARING, Panel("sharing/contacts.html", contacts))
        TOLD_ON["sharing_parentcontact"] = SHARING
        register_act(Act("videregiv", Disclose, Permission.DISCLOSE, "sharing", ANY, tab="sharing"))
        register_act(Act("optag-myndighed", AdmitAgency, Permission.ADMIT_AGENCY, "sharing", OPEN, tab="sharing"))
        register_act(Act("tvivl", RaiseDoubt, Permission.DISCLOSE, "sharing", ANY, tab="sharing"))
        register_act(
            Act("tvivl-afklaret", ClarifyDoubt, Permission.ANSWER_FOR_AGENCY, "sharing", ANY, on_row=True, tab="sharing")
        )
        register_act(Act("brev", WriteLetter, Permission.DISCLOSE, "sharing", ANY, tab="sharing"))
        register_act(Act("foraeldrekontakt", ContactParent, Permission.DISCLOSE, "sharing", OPEN, tab="sharing"))
        register_act(Act("traek-brev", WithdrawLetter, Permission.DISCLOSE, "sharing", ANY, on_row=True, tab="sharing"))
        offer_requests()
        offer_decisions()
