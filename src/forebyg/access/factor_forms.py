"""The forms of second factors: allauth's, with our words."""

from __future__ import annotations

from typing import Any, cast

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth as ceremony
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import UserVerificationRequirement

from forebyg.access.middleware import PublicRequest
from forebyg.access.models import Worker
from forebyg.access.second_factor import failed

_SALT = "forebyg.access.factor_forms"
_OFFER_LASTS = 900  # seconds
_LONGEST_NAME = 60  # characters


class AppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The code that an app makes of the secret on the page.

    The secret is offered in the form itself, signed for this worker, and so lies in no database until it is sealed there.
    """

    data: QueryDict
    offer = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Worker, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self.user = user
        _dress_code(self.fields["code"], _("De seks cifre, som appen viser lige nu."))
        offered = self._offered() if self.is_bound else None
        self.is_stale = self.is_bound and offered is None
        self.secret = offered or generate_totp_secret()
        self.initial["offer"] = signing.dumps([str(user.pk), self.secret], salt=_SALT)
        if self.is_stale:
            self.data = self.data.copy()
            self.data["offer"] = self.initial["offer"]

    def clean_code(self) -> str:
        """The code fits the secret on the page."""
        if self.is_stale:
            raise ValidationError(_("Siden har stået åben for længe. Scan den nye QR-kode, og skriv appens kode."))
        return cast("str", super().clean_code())

    def _offered(self) -> str | None:
        try:
            holder, secret = signing.loads(self.data.get("offer", ""), salt=_SALT, max_age=_OFFER_LASTS)
        except signing.BadSignature:
            return None
        return str(secret) if holder == str(self.user.pk) else None


class _KeepsFailures:
    """A wrong code, and a key that does not fit, are kept in the ledger. What was slowed down before it was looked at is not."""

    user: Worker | None

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        self._keep(str(authenticator.type))

    def clean_credential(self) -> Authenticator:
        """The worker's key that the browser answered with."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # the form beside it
        except ValidationError as error:
            if error.code != "too_many_login_attempts":
                self._keep(str(Authenticator.Type.WEBAUTHN))
            raise

    def _keep(self, kind: str) -> None:
        failed(cast("PublicRequest", context.request).worker, account=self.user, kind=kind)


class SignInCodeForm(_KeepsFailures, AuthenticateForm):  # type: ignore[misc]
    """The code after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self.fields["code"], _HINT)


class ConfirmCodeForm(_KeepsFailures, ReauthenticateForm):  # type: ignore[misc]
    """A code again, before a sensitive deed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self.fields["code"], _HINT)


class NewPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name, what the browser made, and whether the key signs in by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_of_key(required=False)
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Brug den også i stedet for adgangskoden")
        passwordless.help_text = _("Så logger du på med nøglen alene. Den skal kunne spørge om pinkode, ansigt eller finger.")
        _dress_credential(self.fields["credential"])


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """A name that its worker knows it by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_of_key(required=True)


class SignInKeyForm(_KeepsFailures, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The passkey after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_credential(self.fields["credential"])


class ConfirmKeyForm(_KeepsFailures, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey again, before a sensitive deed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_credential(self.fields["credential"])


class _StandsForAPassword(LoginWebAuthnForm):  # type: ignore[misc]
    """allauth keeps one challenge in the session for every purpose, so that one is looked at before a key may stand alone."""

    def clean_credential(self) -> Authenticator:
        """A key that was set up to sign in alone, of one whom it asked for PIN, face or finger."""
        asked = ceremony.get_state()
        if not asked or asked["user_verification"] != UserVerificationRequirement.REQUIRED:
            raise get_adapter().validation_error("incorrect_code")
        key = super().clean_credential()
        if not key.wrap().is_passwordless:
            raise get_adapter().validation_error("incorrect_code")
        return key


class PasskeyForm(_KeepsFailures, _StandsForAPassword):
    """A passkey instead of a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_credential(self.fields["credential"])


_HINT = _("Seks cifre fra din app, eller en af dine reservekoder.")


def _dress_code(field: forms.Field, hint: Any) -> None:
    field.label, field.help_text = _("Kode"), hint
    field.error_messages["required"] = _("Skriv koden")
    field.widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-char-11"})


def _name_of_key(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Navn"),
        max_length=_LONGEST_NAME,
        required=required,
        help_text=_("Så du kan kende den igen, fx »Arbejdsmobil«."),
        error_messages={"required": _("Skriv et navn")},
    )


def _dress_credential(field: forms.Field) -> None:
    nothing = _("Browseren gav ingen adgangsnøgle. Prøv igen, eller vælg en anden måde.")
    field.error_messages |= {"required": nothing, "invalid": nothing}
