"""Taking an account into use by the link that an administrator handed over."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from forebyg.access.accounts import LinkNotOpen, use_link, worker_of_link
from forebyg.access.middleware import PublicRequest
from forebyg.access.sign_in import FirstPasswordForm

_TOKEN = "first_use"  # noqa: S105 - the session's name for it


@login_not_required
@require_safe
def open_link(request: PublicRequest, token: str) -> HttpResponse:
    """Take the token out of the address, so that it stands in no history of pages and is sent to nobody."""
    if request.worker is not None:
        messages.info(request, _("Du er allerede logget på. Log af, før du åbner linket til en anden konto."))
        return redirect("account")
    request.session.pop(_TOKEN, None)
    if worker_of_link(token) is not None:  # an address may hold anything
        request.session[_TOKEN] = token
    return redirect("first-use")


@login_not_required
@require_http_methods(["GET", "POST"])
def first_use(request: PublicRequest) -> HttpResponse:
    """Choose the password, and be signed in. Raises `LinkNotOpen`."""
    token = str(request.session.get(_TOKEN, ""))
    worker = worker_of_link(token)
    if worker is None:
        raise LinkNotOpen(_("Linket virker ikke længere. Bed jeres administrator om et nyt."))
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, worker=worker)
    if not form.is_valid():
        return render(request, "account/first_use.html", {"form": form}, status=422 if form.is_bound else 200)
    worker = use_link(token=token, password=form.cleaned_data["password1"])
    del request.session[_TOKEN]
    record_authentication(request, worker, "password", reauthenticated=True)
    response: HttpResponse = perform_login(request, Login(user=worker))
    return response
