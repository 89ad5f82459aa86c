"""Sign-in by e-mail address and password: what allauth asks us, with the ledger and our own words."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import get_rates
from allauth.mfa.webauthn.internal.auth import clear_state
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from forebyg.access.browsers import recognise
from forebyg.access.middleware import PublicRequest
from forebyg.access.models import Worker
from forebyg.access.notices import Notice, tell_worker
from forebyg.access.permissions import Role
from forebyg.access.second_factor import factors_of
from forebyg.audit.record import record
from forebyg.store.identity import act_as, now

DEMO_PASSWORD = "forebyg-demo-2016"  # noqa: S105 - shown on the sign-in page of the demo


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What differs from allauth: nobody signs up, every sign-in and sign-out is in the ledger, no address ever is."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "E-mailadressen eller adgangskoden er forkert. Prøv igen, eller bed jeres administrator om hjælp."
        ),
        "enter_current_password": _("Det er ikke din nuværende adgangskode. Skriv den igen."),
        "incorrect_password": _("Det er ikke din adgangskode. Skriv den igen."),
        "too_many_login_attempts": _("Der er prøvet for mange gange. Vent 5 minutter, og prøv så igen."),
        "rate_limited": _("Der er prøvet for mange gange. Vent 5 minutter, og prøv så igen."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes the accounts."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow down after failures, by account and by network address (ACCOUNT_RATE_LIMITS); it ends by itself.

        A challenge that a key was to answer before is forgotten.
        """
        clear_state()
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            self._record_failure(request, slowed_down=True)
            raise ValidationError(_too_many_attempts(), code=error.code) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Worker | None:
        """The worker with these credentials. A closed account is answered like a wrong password."""
        worker = cast("Worker | None", super().authenticate(request, **credentials))
        if worker is not None and (worker.is_system or not worker.is_active):
            self.authentication_failed(request, **credentials)
            return None
        return worker

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep that it happened, not with which address."""
        self._record_failure(request, slowed_down=False)

    def reauthenticate(self, user: Worker, password: str) -> bool:
        """Whether it is the worker's password; failures slow down as at sign-in."""
        return self.authenticate(context.request, email=user.email, password=password) == user

    def get_reauthentication_methods(self, user: Worker) -> list[dict[str, Any]]:
        """How a worker confirms to be the one who signed in: by the second factor where there is one, else by password."""
        methods = cast("list[dict[str, Any]]", super().get_reauthentication_methods(user))
        by_factor = [method for method in methods if method["id"] != "reauthenticate"]
        return by_factor or methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Before sensitive deeds always; but who has just signed in may set up the first second factor at once."""
        request = context.request
        shown = get_authentication_records(request, request.user)
        is_fresh = bool(shown) and time.time() - shown[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        if app == "allauth.mfa" and is_fresh and not factors_of(request.user).exists():
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def respond_user_inactive(self, request: HttpRequest, user: Worker) -> HttpResponse:
        """A closed account is answered like a key that does not fit."""
        messages.error(request, self.error_messages["email_password_mismatch"])
        return redirect("account_login")

    def login(self, request: HttpRequest, user: Worker) -> None:
        """Begin the session; from here on in this transaction the worker acts. An account closed since its password was
        asked for gets none."""
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Worker, **kwargs: Any) -> HttpResponse:
        """Keep how the worker signed in, and tell the worker when the browser is new."""
        response = cast("HttpResponse", super().post_login(request, user, **kwargs))
        at = act_as(user.id)
        is_known = recognise(request, response, user, at)
        shown = [str(one.get("type", one["method"])) for one in get_authentication_records(request, user)]
        record("signed-in", actor=user, at=at, codes={"by": shown, "new_browser": not is_known})
        if not is_known:
            tell_worker(user, Notice.NEW_BROWSER)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the session."""
        record("signed-out", actor=cast("PublicRequest", request).worker, at=now())
        super().logout(request)

    def set_password(self, user: Worker, password: str) -> None:
        """Change the password, the one column besides `last_login` that the web role may write. Ends other sessions."""
        user.set_password(password)
        user.save(update_fields=["password"])
        record("password-changed", actor=user, at=now())
        tell_worker(user, Notice.PASSWORD_CHANGED)

    @staticmethod
    def _record_failure(request: HttpRequest, *, slowed_down: bool) -> None:
        acted = cast("PublicRequest", request)
        record("sign-in-failed", actor=acted.worker, at=acted.moment, codes={"slowed_down": slowed_down})


def _too_many_attempts() -> str:
    longest = max(rate.duration for rate in get_rates(app="allauth.account", action="login_failed"))
    minutes = math.ceil(longest / 60)
    return ngettext(
        "Der er prøvet for mange gange. Vent %(minutes)d minut, og prøv så igen.",
        "Der er prøvet for mange gange. Vent %(minutes)d minutter, og prøv så igen.",
        minutes,
    ) % {"minutes": minutes}


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address, password = self.fields["login"], self.fields["password"]
        address.label = _("E-mailadresse")
        address.widget = forms.EmailInput(attrs={"autocomplete": "username"})
        address.error_messages |= {
            "required": _("Skriv din e-mailadresse"),
            "invalid": _("Skriv e-mailadressen som navn@eksempel.dk"),
        }
        _dress(password, _("Adgangskode"), _("Skriv din adgangskode"))


class ConfirmForm(ReauthenticateForm):  # type: ignore[misc]
    """The password again, before a sensitive deed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["password"], _("Adgangskode"), _("Skriv din adgangskode"))


class FirstPasswordForm(forms.Form):
    """The first password, twice."""

    password1 = forms.CharField(
        label=_("Adgangskode"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Skriv den adgangskode, du vil have")},
    )
    password2 = forms.CharField(
        label=_("Adgangskode igen"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Skriv adgangskoden igen")},
    )

    def __init__(self, *args: Any, worker: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._worker = worker
        self.fields["password1"].help_text = password_rules()

    def clean_password1(self) -> str:
        """Not too short, too common or like the name."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self._worker)
        return password

    def clean(self) -> dict[str, Any]:
        """The two must be alike."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("password1") and cleaned.get("password2") not in (None, cleaned["password1"]):
            self.add_error("password2", _("De to adgangskoder er ikke ens. Skriv adgangskoden igen."))
        return cleaned


def password_rules() -> str:
    """What a password must be like, in words."""
    return " ".join(filter(None, password_validators_help_texts()))


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["oldpassword"], _("Nuværende adgangskode"), _("Skriv din nuværende adgangskode"))
        rules = password_rules()
        _dress(self.fields["password1"], _("Ny adgangskode"), _("Skriv den nye adgangskode"), hint=rules)
        _dress(self.fields["password2"], _("Ny adgangskode igen"), _("Skriv den nye adgangskode igen"))

    def clean(self) -> dict[str, Any]:
        """The two must be alike."""
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("De to nye adgangskoder er ikke ens. Skriv den nye adgangskode igen."))
        return cleaned


def _dress(field: forms.Field, label: Any, when_empty: Any, hint: str = "") -> None:
    """Our words, and no placeholder in the place of a label."""
    field.label = label
    field.help_text = hint
    field.error_messages["required"] = when_empty
    field.widget.attrs.pop("placeholder", None)


class NotTheDemoPassword:
    """A password validator: what stands on the demo's sign-in page opens no real account."""

    def validate(self, password: str, user: Worker | None = None) -> None:
        """Raise ValidationError for the demo's password."""
        if password == DEMO_PASSWORD:
            raise ValidationError(_("Den adgangskode er kendt af alle fra demoen. Vælg en anden."), code="demo_password")

    def get_help_text(self) -> str:
        """Nothing that a worker needs to be told."""
        return ""


@dataclass(frozen=True)
class DemoWorker:
    """A line of the demo's sign-in page."""

    name: str
    agency: str
    roles: str
    address: str


def demo_workers() -> list[DemoWorker]:
    """Everyone who may sign in to the demo, in the order they were made. Two queries."""
    workers = Worker.objects.filter(is_active=True, is_system=False).select_related("agency").prefetch_related("holdings")
    return [
        DemoWorker(
            name=worker.name,
            agency=worker.agency.name,
            roles=", ".join(str(role.label) for role in Role if role in worker.roles),
            address=worker.email,
        )
        for worker in workers.order_by("id")
    ]


class AccountForm(forms.Form):
    """What a worker sets for the own session."""

    shortcuts = forms.BooleanField(label=_("Brug genveje: j og k går til næste og forrige række i en liste"), required=False)
