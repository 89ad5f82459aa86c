"""The second factor: who must show one, what allauth asks us about it, and what is kept of a change.

A session has shown a second factor when its sign-in asked for one, or when the worker confirmed with one or set one up
since. Its secrets are sealed under keys of their own (`FactorSecret`); allauth's row holds the id of the secret.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forebyg.access.middleware import PublicRequest
from forebyg.access.models import FactorSecret, Worker
from forebyg.access.notices import Notice, tell_worker
from forebyg.audit.record import Codes, Unknown, record
from forebyg.store.identity import now
from forebyg.store.keys import KeyDestroyed
from forebyg.store.sealed import open_sealed
from forebyg.ui.responses import is_htmx

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor. Recovery codes stand in for one that is lost, but are none by themselves."""

_TOLD_FOR = 3600  # seconds in which one mail tells of all wrong codes


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What differs from allauth: secrets are sealed, the last factor of one who needs it stays, and our own words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("Koden passer ikke, eller den er brugt. Vent på den næste kode, og skriv den."),
        "cannot_delete_authenticator": gettext_lazy("Du skal have mindst én. Sæt en ny op, før du fjerner den her."),
        "cannot_generate_recovery_codes": gettext_lazy("Sæt en app eller adgangsnøgle op først. Så får du reservekoder."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret of the one who is signed in; returns the id it is found by."""
        secret = FactorSecret(worker_id=context.request.user.pk, secret=text)
        secret.save(force_insert=True)
        return str(secret.id)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret with this id. Raises `KeyDestroyed` when its key is gone."""
        secret = FactorSecret.objects.get(id=encrypted_text)
        open_sealed([secret])
        if secret.secret is None:
            raise KeyDestroyed(_("Nøglen til den hemmelige kode er slettet."))
        return str(secret.secret)

    def get_totp_issuer(self) -> str:
        """The name in the worker's app."""
        return "Forebyg"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name in the browser's window; the id is the host, so a passkey works at no other address."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Forebyg"}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must show a second factor keeps one."""
        worker = cast("Worker", context.request.user)
        return not is_required_of(worker) or factors_of(worker).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Worker, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner names it."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Adgangsnøgle %(number)s") % {"number": count + 1}


def is_required_of(worker: Worker) -> bool:
    """Whether this worker must show a second factor: everyone who may do more than read the strategy, but in a demo that skips it."""
    return settings.FOREBYG.second_factor == "required" and worker.needs_second_factor


def factors_of(worker: Worker) -> Any:
    """The worker's second factors, as allauth's rows."""
    return Authenticator.objects.filter(user_id=worker.pk, type__in=FACTORS)


def has_shown_factor(request: HttpRequest, worker: Worker) -> bool:
    """Whether this session has shown a second factor. Asks the database nothing."""
    return any(shown.get("method") == "mfa" for shown in get_authentication_records(request, worker))


def added(request: HttpRequest, factor: Authenticator) -> None:
    """Keep that a second factor was added, tell its worker, and count it as shown: it was just used."""
    worker = cast("Worker", request.user)
    record_authentication(request, worker, "mfa", id=factor.pk, type=factor.type, reauthenticated=True)
    _keep(worker, "second-factor-added", factor, Notice.FACTOR_ADDED)


def removed(request: HttpRequest, factor: Authenticator) -> None:
    """Keep that a second factor was removed, tell its worker, and drop the secrets that nothing names any more."""
    worker = cast("Worker", request.user)
    drop_unnamed_secrets(worker)
    _keep(worker, "second-factor-removed", factor, Notice.FACTOR_REMOVED)


def renamed(request: HttpRequest, factor: Authenticator) -> None:
    """Keep that a passkey got another name; it opens nothing that it did not before, so no mail tells of it."""
    record("second-factor-renamed", actor=cast("Worker", request.user), at=now(), codes={"type": str(factor.type)})


def codes_renewed(request: HttpRequest, codes: Authenticator) -> None:
    """Keep that the worker has new recovery codes, and drop the secret of the old ones."""
    worker = cast("Worker", request.user)
    drop_unnamed_secrets(worker)
    _keep(worker, "recovery-codes-renewed", codes, Notice.CODES_RENEWED)


def drop_unnamed_secrets(worker: Worker) -> None:
    """Delete what sealed secrets no factor of the worker names; their keys are then orphans, which are swept."""
    rows = Authenticator.objects.filter(user_id=worker.pk).values_list("data", flat=True)
    named = {row[name] for row in rows for name in ("secret", "seed") if name in row}
    FactorSecret.objects.filter(worker=worker).exclude(id__in=named).delete()


def failed(worker: Worker | None, *, account: Worker | None, kind: str) -> None:
    """Keep that a code or a key was wrong, for those who oversee the account; after the right password, tell its worker.

    `account` is whose password was right, or None for a passkey alone: whose that is, its sender only says.
    """
    if worker is not None or account is None:
        record("second-factor-failed", actor=worker, at=now(), codes={"type": kind})
        return
    stranger = Unknown(agency_id=account.agency_id)
    codes: Codes = {"type": kind, "worker": str(account.pk)}
    record("second-factor-failed", actor=stranger, at=now(), records=[account.pk], codes=codes)
    if cache.add(f"forebyg:told-of-wrong-factor:{account.pk}", value=True, timeout=_TOLD_FOR):
        tell_worker(account, Notice.FACTOR_FAILED)


def _keep(worker: Worker, action: str, factor: Authenticator, notice: Notice) -> None:
    record(action, actor=worker, at=now(), codes={"type": str(factor.type)})
    tell_worker(worker, notice)


class SecondFactorFirst:
    """Whoever must show a second factor reaches nothing else in a session that has shown none (R-214)."""

    OPEN = frozenset(
        {
            *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"),
            *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
            *("account_logout", "session"),
        }
    )
    """Setting one up, confirming with one, and leaving. What is open to everyone is open here too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Lead there instead of to what was asked for."""
        worker = cast("PublicRequest", request).worker
        if worker is None or not is_required_of(worker) or has_shown_factor(request, worker):
            return None
        match = request.resolver_match
        if (match and match.view_name in self.OPEN) or not getattr(view, "login_required", True):
            return None
        return self._lead(request, worker)

    @staticmethod
    def _lead(request: HttpRequest, worker: Worker) -> HttpResponse:
        address = reverse("mfa_index")
        if factors_of(worker).exists():
            back = request.get_full_path() if request.method == "GET" and not is_htmx(request) else "/"
            address = f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}"
        if is_htmx(request):
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        return redirect(address)
