"""Sign-in by e-mail address and password: what allauth asks us, with the ledger and our own words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core.internal.ratelimit import get_rates
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from forebyg.access.middleware import PublicRequest
from forebyg.access.models import Worker
from forebyg.access.permissions import Role
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
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator makes the accounts."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow down after failures, by account and by network address (ACCOUNT_RATE_LIMITS); it ends by itself."""
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

    def login(self, request: HttpRequest, user: Worker) -> None:
        """Begin the session; from here on in this transaction the worker acts."""
        super().login(request, user)
        record("signed-in", actor=user, at=act_as(user.id))

    def logout(self, request: HttpRequest) -> None:
        """End the session."""
        record("signed-out", actor=cast("PublicRequest", request).worker, at=now())
        super().logout(request)

    def set_password(self, user: Worker, password: str) -> None:
        """Change the password, the one column besides `last_login` that the web role may write. Ends other sessions."""
        user.set_password(password)
        user.save(update_fields=["password"])
        record("password-changed", actor=user, at=now())

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


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["oldpassword"], _("Nuværende adgangskode"), _("Skriv din nuværende adgangskode"))
        rules = " ".join(password_validators_help_texts())
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
