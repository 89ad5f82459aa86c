"""Access reviews: the list, and one access."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.audit.record import record
from forebyg.cases.forms.base import Day
from forebyg.cases.rules import LONGEST_TEXT
from forebyg.core.errors import NotPermitted, RuleBroken
from forebyg.oversight.accesses import (
    MANY_MATTERS,
    OLD_AFTER,
    clock_of,
    fetch_grant,
    grants_reviewed,
    grants_to_review,
    page_of_grants,
    review_grant,
    reviews_of,
)
from forebyg.oversight.events import start_of
from forebyg.oversight.models import GrantReview
from forebyg.oversight.wording import GRANT_REASON
from forebyg.ui.form_fields import LongText


@require_safe
def accesses(request: WorkerRequest) -> HttpResponse:
    """The live accesses that are to be reviewed, or those that were."""
    worker, now = request.worker, request.moment
    is_reviewed = request.GET.get("vis") == "gennemgaaet"
    grants = (grants_reviewed if is_reviewed else grants_to_review)(worker, now=now)
    page = page_of_grants(grants, after=request.GET.get("efter", ""), before=request.GET.get("foer", ""))
    record("oversight.accesses-seen", actor=worker, at=now, matters=list(dict.fromkeys(row.matter_id for row in page.rows)))
    address = reverse("oversight:accesses")
    kept = "vis=gennemgaaet&" if is_reviewed else ""
    context = {
        "grants": page.rows,
        "reviews": reviews_of(worker, page.rows) if is_reviewed else {},
        "is_reviewed": is_reviewed,
        "grant_reason": GRANT_REASON,
        "old_days": OLD_AFTER.days,
        "old_since": now - OLD_AFTER,
        "many_matters": MANY_MATTERS,
        "clocks": {row.id: clock_of(row, now=now) for row in page.rows},
        "views": [
            {"label": _("Skal gennemgås"), "url": address, "current": not is_reviewed, "count": None},
            {"label": _("Gennemgået"), "url": f"{address}?vis=gennemgaaet", "current": is_reviewed, "count": None},
        ],
        "pages": (
            f"{address}?{kept}foer={page.previous}" if page.previous else None,
            f"{address}?{kept}efter={page.next}" if page.next else None,
        ),
    }
    return render(request, "oversight/accesses.html", context)


class Review(forms.Form):
    """What was found."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Hvad er du kommet frem til?"), choices=GrantReview.Outcome.choices, widget=forms.RadioSelect
    )
    next_on = Day(
        gettext_lazy("Se på den igen senest"),
        required=False,
        help_text=gettext_lazy("Inden for et halvt år. Skriver du ingen dag, bliver det om et halvt år."),
    )
    note = LongText(
        label=gettext_lazy("Hvad har du set?"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("Notatet er forseglet. Kun tilsynet hos den samme dataansvarlige kan læse det."),
    )


@require_http_methods(["GET", "POST"])
def review(request: WorkerRequest, grant_id: uuid.UUID) -> HttpResponse:
    """One access with its earlier reviews, and the form of a new one."""
    worker, now = request.worker, request.moment
    grant = fetch_grant(worker, grant_id)
    form = Review(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            day = form.cleaned_data.pop("next_on")
            next_at = start_of(day) if day else None
            review_grant(worker=worker, grant_id=grant_id, now=now, next_at=next_at, **form.cleaned_data)
        except NotPermitted:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            messages.success(request, _("Gennemgangen er gemt."))
            return redirect("oversight:accesses")
    record("oversight.access-seen", actor=worker, at=now, matters=[grant.matter_id], records=[grant.id])
    address = reverse("oversight:accesses")
    context = {
        "heading": _("Gennemgå en adgang"),
        "form": form,
        "submit_label": _("Gem gennemgangen"),
        "cancel_url": address,
        "trail": [(_("Tilsyn"), reverse("oversight:overview")), (_("Adgange"), address), (_("Gennemgå en adgang"), None)],
        "grant": grant,
        "grant_reason": GRANT_REASON,
        "reviews": reviews_of(worker, [grant]).get(grant.id, []),
    }
    return render(request, "oversight/review.html", context, status=422 if form.is_bound else 200)
