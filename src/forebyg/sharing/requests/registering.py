"""What requests add to a case."""

from __future__ import annotations

from forebyg.access.permissions import Permission
from forebyg.cases import at_work, known, page, tabs
from forebyg.cases.acts import ANY, OPEN, Act, register_act
from forebyg.cases.models import Task
from forebyg.cases.views.tab_timeline import TOLD_ON
from forebyg.sharing.requests.case_tab import REQUESTS, summary_line
from forebyg.sharing.requests.forms import AnswerRequest, AskAgency, DeclineRequest, WithdrawRequest
from forebyg.sharing.requests.models import InformationRequest
from forebyg.sharing.requests.telephone import RecordTold


def offer_requests() -> None:
    """The tab of requests, its count and its line in the summary, and what is done with a request. Called once, at the start."""
    tab = REQUESTS.code
    tabs.register_tab(REQUESTS)
    known.register_count(tab, InformationRequest, "ended_at IS NULL")
    page.SUMMARY.append(summary_line)
    TOLD_ON.update(dict.fromkeys(("sharing_informationrequest", "sharing_requestanswer"), REQUESTS))
    at_work.TASK_TABS.update(dict.fromkeys((Task.Kind.ANSWER_REQUEST, Task.Kind.REQUEST_ANSWERED), REQUESTS))
    register_act(Act("spoerg", AskAgency, Permission.DISCLOSE, "sharing", OPEN, tab=tab))
    register_act(Act("givet-mundtligt", RecordTold, Permission.DISCLOSE, "sharing", ANY, tab="sharing"))
    register_act(Act("besvar", AnswerRequest, Permission.ANSWER_FOR_AGENCY, "sharing", ANY, on_row=True, tab=tab))
    register_act(Act("afslaa", DeclineRequest, Permission.ANSWER_FOR_AGENCY, "sharing", ANY, on_row=True, tab=tab))
    register_act(Act("traek-anmodning", WithdrawRequest, Permission.ANSWER_FOR_AGENCY, "sharing", ANY, on_row=True, tab=tab))
