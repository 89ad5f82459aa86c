"""The administrators' page: who has an account, making one, links of first use, closing and opening."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forebyg.access import accounts
from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Agency, Worker
from forebyg.access.permissions import ROLES_OF_THE_OPERATOR, Permission, Role
from forebyg.access.queries import accounts_of, fetch_account, require
from forebyg.access.views.confirm import ask_again


class NewAccount(forms.Form):
    """Who gets an account, where, and in which roles."""

    name = forms.CharField(label=gettext_lazy("Navn"), max_length=120)
    address = forms.EmailField(label=gettext_lazy("E-mailadresse"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    agency = forms.ChoiceField(label=gettext_lazy("Myndighed"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roller"),
        choices=[(role.value, role.label) for role in Role if role not in ROLES_OF_THE_OPERATOR],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Vælg kun det, arbejdet kræver. En administrator kan ikke også se sager. En databeskyttelsesrådgiver oprettes af dem, der driver Forebyg."
        ),
    )

    def __init__(self, *args: Any, administrator: Worker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agencies = {str(one.id): one for one in administrator.unit.members.order_by("name")}
        self.fields["agency"] = forms.ChoiceField(
            label=self.fields["agency"].label,
            choices=[("", _("Vælg")), *((key, one.name) for key, one in self._agencies.items())],
        )
        self.order_fields(["name", "address", "agency", "roles"])

    @property
    def chosen_agency(self) -> Agency:
        """The agency of a valid form."""
        return self._agencies[self.cleaned_data["agency"]]

    @property
    def chosen_roles(self) -> list[Role]:
        """The roles of a valid form."""
        return [Role(value) for value in self.cleaned_data["roles"]]


class Roles(forms.Form):
    """The roles of an account. `seen` are those it had when the page was opened."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roller"),
        choices=[(role.value, role.label) for role in Role if role not in ROLES_OF_THE_OPERATOR],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Vælg kun det, arbejdet kræver."),
    )
    seen = forms.MultipleChoiceField(
        choices=[(role.value, role.label) for role in Role], widget=forms.MultipleHiddenInput, required=False
    )

    def chosen(self, field: str) -> list[Role]:
        """The roles of a valid form."""
        return [Role(value) for value in self.cleaned_data[field]]


@require_safe
def everyone(request: WorkerRequest) -> HttpResponse:
    """Everyone with an account in the unit."""
    rows = accounts_of(request.worker)
    context = {"accounts": rows, "me": request.worker, "now": request.moment, "the_operators": ROLES_OF_THE_OPERATOR}
    return render(request, "accounts/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: WorkerRequest) -> HttpResponse:
    """Make an account; the answer is the only page that ever shows its link."""
    require(request.worker, Permission.ADMINISTER)
    if answer := ask_again(request):
        return answer
    form = NewAccount(request.POST if request.method == "POST" else None, administrator=request.worker)
    if form.is_valid():
        try:
            invited = accounts.make_account(
                worker=request.worker,
                address=form.cleaned_data["address"],
                name=form.cleaned_data["name"],
                agency=form.chosen_agency,
                roles=form.chosen_roles,
                now=request.moment,
            )
        except accounts.AddressTaken as taken:
            form.add_error("address", taken.sentence)
        except accounts.RolesDoNotMix as mixed:
            form.add_error("roles", mixed.sentence)
        else:
            return _show_link(request, invited)
    context = {
        "heading": _("Ny medarbejder"),
        "lead": _("Medarbejderen vælger selv sin adgangskode med det link, du får på næste side."),
        "form": form,
        "submit_label": _("Opret kontoen"),
        "cancel_url": reverse("accounts:list"),
        "trail": [(_("Medarbejdere"), reverse("accounts:list")), (_("Ny medarbejder"), None)],
    }
    return render(request, "ui/form_page.html", context, status=422 if form.is_bound else 200)


@require_POST
def renew(request: WorkerRequest, account_id: uuid.UUID) -> HttpResponse:
    """A new link of first use; the older ones end."""
    fetch_account(administrator=request.worker, account_id=account_id)
    if answer := _ask_first(request):
        return answer
    return _show_link(request, accounts.renew_link(worker=request.worker, account_id=account_id, now=request.moment))


@require_http_methods(["GET", "POST"])
def roles(request: WorkerRequest, account_id: uuid.UUID) -> HttpResponse:
    """Give an account roles and take them; what hangs on a role that is taken ends at once."""
    account = fetch_account(administrator=request.worker, account_id=account_id)
    if answer := ask_again(request):
        return answer
    held = sorted(role.value for role in account.roles)
    form = Roles(request.POST if request.method == "POST" else None, initial={"roles": held, "seen": held})
    if form.is_valid():
        try:
            accounts.change_roles(
                worker=request.worker,
                account_id=account_id,
                roles=form.chosen("roles"),
                seen=form.chosen("seen"),
                now=request.moment,
            )
        except accounts.RolesHaveChanged as changed:
            messages.error(request, changed.sentence)
            return redirect("accounts:roles", account_id)
        except (accounts.RolesDoNotMix, accounts.NoRole, accounts.RoleOfTheOperator) as refused:
            form.add_error("roles", refused.sentence)
        else:
            messages.success(request, _("Rollerne for %(name)s er ændret.") % {"name": account.name})
            return redirect("accounts:list")
    context = {
        "heading": _("Roller for %(name)s") % {"name": account.name},
        "lead": _(
            "Fjerner du en rolle, bliver medarbejderen logget af alle steder, og de adgange til sager, der hører til rollen, slutter med det samme."
        ),
        "form": form,
        "submit_label": _("Gem rollerne"),
        "cancel_url": reverse("accounts:list"),
        "trail": [(_("Medarbejdere"), reverse("accounts:list")), (_("Roller"), None)],
    }
    return render(request, "ui/form_page.html", context, status=422 if form.is_bound else 200)


@require_POST
def suspend(request: WorkerRequest, account_id: uuid.UUID) -> HttpResponse:
    """Close an account."""
    fetch_account(administrator=request.worker, account_id=account_id)
    if answer := _ask_first(request):
        return answer
    account = accounts.suspend_account(worker=request.worker, account_id=account_id, now=request.moment)
    messages.success(request, _("%(name)s er lukket ude og logget af alle steder.") % {"name": account.name})
    return redirect("accounts:list")


@require_POST
def reactivate(request: WorkerRequest, account_id: uuid.UUID) -> HttpResponse:
    """Open a closed account."""
    fetch_account(administrator=request.worker, account_id=account_id)
    if answer := _ask_first(request):
        return answer
    account = accounts.reactivate_account(worker=request.worker, account_id=account_id, now=request.moment)
    messages.success(request, _("%(name)s kan logge på igen.") % {"name": account.name})
    return redirect("accounts:list")


def _ask_first(request: WorkerRequest) -> HttpResponse | None:
    """Where to confirm that it is oneself, unless that was done a moment ago; then the list shows what can be done."""
    answer = ask_again(request, back=reverse("accounts:list"))
    if answer is not None:
        messages.info(request, _("Bekræft først, at det er dig. Gør det så igen."))
    return answer


def _show_link(request: WorkerRequest, invited: accounts.Invited) -> HttpResponse:
    address = request.build_absolute_uri(reverse("first-use-link", args=[invited.token]))
    return render(request, "accounts/link.html", {"invited": invited, "address": address})
