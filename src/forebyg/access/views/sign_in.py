"""Signing in and out, changing the password, keeping the session alive."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView, PasswordChangeView, ReauthenticateView
from allauth.mfa.webauthn.internal.auth import clear_state
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from forebyg.access.middleware import WorkerRequest
from forebyg.access.sign_in import DEMO_PASSWORD, ConfirmForm, PasswordForm, SignInForm, demo_workers


class AnswersErrorsWith422:
    """A form that comes back with errors says so in its status (UI rule 5)."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # the form view beside it
        response.status_code = 422
        return response


class SignIn(AnswersErrorsWith422, LoginView):  # type: ignore[misc]  # allauth has no types
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

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Also between the two steps, when there is a challenge for a key and nobody to sign out."""
        clear_state()
        response: HttpResponse = super().post(*args, **kwargs)
        return response


class PasswordChange(AnswersErrorsWith422, PasswordChangeView):  # type: ignore[misc]
    """A worker's own new password. Signs out everywhere else."""

    form_class = PasswordForm
    success_url = reverse_lazy("front")


class ConfirmByPassword(AnswersErrorsWith422, ReauthenticateView):  # type: ignore[misc]
    """The password again, before a sensitive deed."""

    form_class = ConfirmForm


@require_POST
def keep_session(request: WorkerRequest) -> HttpResponse:
    """The worker is still here. Every request of a worker moves the session's end (`prolong_session`), so nothing else is done."""
    return HttpResponse(status=204)
