"""Signing in and out, changing the password, keeping the session alive."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView, PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from forebyg.access.middleware import WorkerRequest
from forebyg.access.sign_in import DEMO_PASSWORD, AccountForm, PasswordForm, SignInForm, demo_workers


class _AnswersErrorsWith422:
    """A form that comes back with errors says so in its status (UI rule 5)."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # the form view beside it
        response.status_code = 422
        return response


class SignIn(_AnswersErrorsWith422, LoginView):  # type: ignore[misc]  # allauth has no types
    """Sign-in. In the demo it also names everyone who can, and their password."""

    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form; in the demo also the workers."""
        demo = settings.FOREBYG.demo
        known = {"demo_workers": demo_workers(), "demo_password": DEMO_PASSWORD} if demo else {"demo_workers": []}
        return {**super().get_context_data(**kwargs), **known}


class SignOut(LogoutView):  # type: ignore[misc]
    """Sign-out, by POST only, so that no link or picture can do it."""

    http_method_names = ("post", "options")


class PasswordChange(_AnswersErrorsWith422, PasswordChangeView):  # type: ignore[misc]
    """A worker's own new password. Signs out everywhere else."""

    form_class = PasswordForm
    success_url = reverse_lazy("front")


@require_POST
def keep_session(request: WorkerRequest) -> HttpResponse:
    """The worker is still here. Every request of a worker moves the session's end (`prolong_session`), so nothing else is done."""
    return HttpResponse(status=204)


SHORTCUTS_OFF = "shortcuts_off"
"""The session's mark that single keys do nothing (WCAG 2.1.4)."""


@require_http_methods(["GET", "POST"])
def account(request: WorkerRequest) -> HttpResponse:
    """One's own page: who one is signed in as, the password, and whether single keys are shortcuts."""
    form = AccountForm(
        request.POST if request.method == "POST" else None, initial={"shortcuts": SHORTCUTS_OFF not in request.session}
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["shortcuts"]:
            request.session.pop(SHORTCUTS_OFF, None)
        else:
            request.session[SHORTCUTS_OFF] = True
        messages.success(request, _("Gemt."))
        return redirect("account")
    roles = ", ".join(sorted(str(role.label) for role in request.worker.roles))
    context = {
        "heading": _("Min konto"),
        "lead": f"{request.worker.name}, {request.worker.agency.name}. {roles}",
        "form": form,
        "submit_label": _("Gem"),
    }
    return render(request, "account/account.html", context)
