"""One's own sessions: where one is signed in, and ending that."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from forebyg.access.middleware import WorkerRequest
from forebyg.access.views.confirm import ask_again
from forebyg.audit.record import record
from forebyg.core.errors import NotVisible


class Sessions(ListUserSessionsView):  # type: ignore[misc]  # allauth has no types
    """The list; sent without more, it ends every session but this one."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask again who it is first."""
        answer: HttpResponse = ask_again(request) or super().post(request, *args, **kwargs)
        return answer

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """End the others."""
        others = [one for one in UserSession.objects.filter(user=self.request.user) if not one.is_current()]
        _end(self.request, others)
        return redirect("usersessions_list")


@require_POST
def end_one(request: WorkerRequest, pk: int) -> HttpResponse:
    """End one session; ending this one signs out."""
    session = UserSession.objects.filter(user=request.worker, pk=pk).first()
    if session is None:
        raise NotVisible
    if answer := ask_again(request, back=reverse("usersessions_list")):
        return answer
    if session.is_current():
        end_sessions(request, [session])
        return redirect("account_login")
    _end(request, [session])
    return redirect("usersessions_list")


def _end(request: WorkerRequest, sessions: list[UserSession]) -> None:
    number = len(sessions)
    end_sessions(request, sessions)
    record("sessions-ended", actor=request.worker, at=request.moment, codes={"number": number})
    sentence = ngettext("%(number)d anden er logget af.", "%(number)d andre er logget af.", number) % {"number": number}
    messages.success(request, sentence if number else _("Du var ikke logget på andre steder."))
