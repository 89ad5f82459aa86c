"""Saving the present filters of the case list under a name, and forgetting them again (B-012)."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from forebyg.access.middleware import WorkerRequest
from forebyg.access.permissions import Permission
from forebyg.cases import rules
from forebyg.cases.lists import CaseFilters
from forebyg.cases.queries import require, unit_agencies
from forebyg.cases.saved_views import LONGEST_NAME, drop_view, save_view
from forebyg.core.errors import RuleBroken


class ViewName(forms.Form):
    """What a view is called."""

    name = forms.CharField(
        label=gettext_lazy("Visningens navn"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Skriv ikke navne på borgere. Kun du ser visningen."),
    )


@require_http_methods(["GET", "POST"])
def save(request: WorkerRequest) -> HttpResponse:
    """The address holds the filters, as the list's own does."""
    worker = request.worker
    require(worker, Permission.SEE_CASES)
    filters = CaseFilters.read(request.GET, unit_agencies(worker))
    here = reverse("cases:list") + (f"?{urlencode(filters.as_query())}" if filters.as_query() else "")
    form = ViewName(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            save_view(worker=worker, name=form.cleaned_data["name"], filters=filters, now=request.moment)
        except rules.AlreadyDone as done:
            messages.info(request, done.sentence)
            return redirect(here)
        except RuleBroken as broken:
            form.add_error("name", broken.sentence)
        else:
            messages.success(request, _("Visningen er gemt. Du finder den over listen."))
            return redirect(here)
    context = {
        "heading": _("Gem visningen"),
        "lead": _("De filtre og den rækkefølge, du har valgt i listen over sager, gemmes under et navn."),
        "form": form,
        "submit_label": _("Gem visningen"),
        "action": request.get_full_path(),
        "cancel_url": here,
        "trail": [(_("Sager"), reverse("cases:list")), (_("Gem visningen"), None)],
    }
    return render(request, "ui/form_page.html", context, status=422 if form.is_bound else 200)


@require_POST
def drop(request: WorkerRequest, view_id: uuid.UUID) -> HttpResponse:
    """Forget one of one's own."""
    drop_view(worker=request.worker, view_id=view_id, now=request.moment)
    messages.success(request, _("Visningen er slettet."))
    return redirect("cases:list")
