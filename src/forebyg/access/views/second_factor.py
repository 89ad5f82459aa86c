"""Two-step sign-in: the app, passkeys and recovery codes, set up and used."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as codes_flows
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.internal import flows as app_flows
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import flows as passkey_flows
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.generic.edit import FormView

from forebyg.access import factor_forms, second_factor
from forebyg.access.views.confirm import ask_again
from forebyg.access.views.sign_in import AnswersErrorsWith422


class _AsksAgain:
    """A page that opens only to one who has just confirmed to be the one who signed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return ask_again(request, app="allauth.mfa") or self.go_on(request, *args, **kwargs)

    def go_on(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view beside it
        return response


class Factors(IndexView):  # type: ignore[misc]  # allauth has no types
    """What the worker has, and what can be set up."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The app, the passkeys and the recovery codes; whether one is needed and none is there."""
        found = super().get_context_data(**kwargs)["authenticators"]
        is_required = second_factor.is_required_of(self.request.user)
        has_factor = any(kind in found for kind in second_factor.FACTORS)
        return {
            "app": found.get(Authenticator.Type.TOTP),
            "passkeys": found.get(Authenticator.Type.WEBAUTHN, []),
            "codes": found.get(Authenticator.Type.RECOVERY_CODES),
            "has_factor": has_factor,
            "must_set_up": is_required and not has_factor,
        }


class SetUpApp(_AsksAgain, AnswersErrorsWith422, ActivateTOTPView):  # type: ignore[misc]
    """An authenticator app: the QR code, the same as text, and a code to prove that it works. Takes the place of an older app."""

    form_class = factor_forms.AppForm

    def go_on(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Also for one who has an app: allauth would ask to remove it first, and leave the account without a second factor."""
        response: HttpResponseBase = FormView.dispatch(self, request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The drawing, its secret in groups of four, and whether an older app goes."""
        known = super().get_context_data(**kwargs)
        secret = known["form"].secret
        return {
            **known,
            "drawing": mark_safe(known["totp_svg"].partition("?>")[2]),  # noqa: S308 - drawn by qrcode of our own address
            "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
            "replaces": self._older().exists(),
        }

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The new app is kept, and the recovery codes are shown when they are new."""
        self._older().delete()
        app, codes = app_flows.activate_totp(self.request, form)
        second_factor.added(self.request, app)
        second_factor.drop_unnamed_secrets(app.user)
        messages.success(self.request, _("Appen er sat op."))
        return redirect("mfa_view_recovery_codes" if codes else "mfa_index")

    def _older(self) -> Any:
        return Authenticator.objects.filter(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)


class RemoveApp(_AsksAgain, AnswersErrorsWith422, DeactivateTOTPView):  # type: ignore[misc]
    """Sign in without the app from now on."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Gone, and its secret with it."""
        response: HttpResponse = super().form_valid(form)
        second_factor.removed(self.request, self.authenticator)
        return response


class NewPasskey(_AsksAgain, AnswersErrorsWith422, AddWebAuthnView):  # type: ignore[misc]
    """A passkey: in the phone, in the computer, or a key on its own. Needs JavaScript, and says so."""

    form_class = factor_forms.NewPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth leaves out the form that came back with errors."""
        return {**super().get_context_data(**kwargs), **kwargs}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Kept, and the recovery codes are shown when they are new."""
        passkey, codes = passkey_flows.add_authenticator(
            self.request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
        )
        second_factor.added(self.request, passkey)
        return redirect("mfa_view_recovery_codes" if codes else "mfa_index")


class RenamePasskey(_AsksAgain, AnswersErrorsWith422, EditWebAuthnView):  # type: ignore[misc]
    """Another name for a passkey, so that its worker knows which one to remove when it is lost."""

    form_class = factor_forms.PasskeyNameForm

    def form_valid(self, form: factor_forms.PasskeyNameForm) -> HttpResponse:
        """Renamed, and kept in the ledger without the name."""
        second_factor.renamed(self.request, form.save())
        messages.success(self.request, _("Adgangsnøglen har fået et nyt navn."))
        return redirect("mfa_index")


class RemovePasskey(_AsksAgain, RemoveWebAuthnView):  # type: ignore[misc]
    """Sign in without this passkey from now on."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Gone, unless it is the last factor of one who needs it."""
        passkey = self.get_object()
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(passkey):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        passkey_flows.remove_authenticator(self.request, passkey)
        second_factor.removed(self.request, passkey)
        return redirect("mfa_index")


class Codes(_AsksAgain, ViewRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes, the first time that they are looked at; afterwards only how many are left."""


class NewCodes(_AsksAgain, AnswersErrorsWith422, GenerateRecoveryCodesView):  # type: ignore[misc]
    """New recovery codes in place of the old."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Made, and shown on the next page."""
        second_factor.codes_renewed(self.request, codes_flows.generate_recovery_codes(self.request))
        return redirect("mfa_view_recovery_codes")


class SignInByCode(AnswersErrorsWith422, AuthenticateView):  # type: ignore[misc]
    """The second step of sign-in: a code of the app or a recovery code, or a passkey."""

    form_class = factor_forms.SignInCodeForm
    webauthn_form_class = factor_forms.SignInKeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there is a passkey to ask for."""
        user = self.stage.login.user
        kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
        return {**super().get_context_data(**kwargs), "has_passkey": Authenticator.Type.WEBAUTHN in kinds}


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """Sign-in by a passkey alone."""

    form_class = factor_forms.PasskeyForm


class ConfirmByCode(AnswersErrorsWith422, ReauthenticateView):  # type: ignore[misc]
    """A code again, before a sensitive deed."""

    form_class = factor_forms.ConfirmCodeForm


class ConfirmByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey again, before a sensitive deed."""

    form_class = factor_forms.ConfirmKeyForm

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Say what was wrong, and ask once more."""
        for sentence in form.errors.get("credential", []):
            messages.error(self.request, str(sentence))
        return redirect(self.request.get_full_path())
