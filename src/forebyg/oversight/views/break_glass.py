"""Breaking the glass, and the overseers' list and review of what was opened."""

from __future__ import annotations

import uuid

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Emergency
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.audit.record import record
from forebyg.cases.actions.keeping import use_form
from forebyg.cases.clocks import face_of_limit
from forebyg.cases.rules import LONGEST_TEXT, AlreadyDone
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.oversight import wording
from forebyg.oversight.breaking import LONGEST_REASON, LONGEST_REFERENCE, AlreadyClosed, break_glass, close_glass, own_openings
from forebyg.oversight.models import BreakGlassReview
from forebyg.oversight.names import Names
from forebyg.oversight.openings import (
    done_in,
    fetch_opening,
    openings,
    page_of_openings,
    reason_and_note,
    review_opening,
    waiting,
)
from forebyg.oversight.sentences import sentence_of
from forebyg.ui.form_fields import LongText


class _UsedOnce(forms.Form):
    """A form with a token against double clicks."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)

    def renewed(self) -> None:
        """What was typed, to be sent anew."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["token"] = str(new_id())
        self.data = data


class Break(_UsedOnce):
    """Which case, which emergency, why, and that one knows what follows."""

    reference = forms.CharField(
        label=gettext_lazy("Sagens nummer"),
        help_text=gettext_lazy("For eksempel 2026-0147."),
        max_length=LONGEST_REFERENCE,
        widget=forms.TextInput(attrs={"class": "input-width-s", "autocomplete": "off"}),
    )
    emergency = forms.ChoiceField(
        label=gettext_lazy("Hvad er nødsituationen?"), choices=Emergency.choices, widget=forms.RadioSelect
    )
    reason = LongText(
        label=gettext_lazy("Hvorfor haster det?"),
        help_text=gettext_lazy("Begrundelsen er forseglet. Kun du og tilsynet hos jeres dataansvarlige kan læse den."),
        max_length=LONGEST_REASON,
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("Jeg ved, at det ses med det samme, og at en anden gennemgår, hvad jeg ser og gør")
    )


@require_http_methods(["GET", "POST"])
def break_the_glass(request: WorkerRequest) -> HttpResponse:
    """Open one case in an emergency. The page answers alike whether a case exists or is not one's agency's."""
    worker, now = request.worker, request.moment
    require(worker, Permission.BREAK_GLASS)
    form = Break(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            with transaction.atomic():
                use_form(worker=worker, token=typed["token"], now=now)
            # Outside the savepoint: an attempt that opens nothing is kept.
            glass = break_glass(
                worker=worker, reference=typed["reference"], emergency=typed["emergency"], reason=typed["reason"], now=now
            )
        except AlreadyDone as done:
            messages.info(request, done.sentence)
            return redirect("oversight:break-glass")
        except NotPermitted:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            messages.success(request, _("Sagen er åben for dig. Tilsynet og den myndighed, der leder sagen, har fået besked."))
            return redirect("cases:case", glass.matter.reference)
    if form.is_bound:
        form.renewed()
    running = own_openings(worker, now=now)
    context = {
        "heading": _("Nødadgang til en sag"),
        "form": form,
        "submit_label": _("Åbn sagen nu"),
        "submit_kind": "warning",
        "cancel_url": reverse("front"),
        "hours": settings.FOREBYG.break_glass_hours,
        "running": running,
    }
    return render(request, "oversight/break_glass.html", context, status=422 if form.is_bound else 200)


@require_POST
def close_own(request: WorkerRequest, glass_id: uuid.UUID) -> HttpResponse:
    """Close an opening of one's own."""
    require(request.worker, Permission.BREAK_GLASS)
    if all(glass.id != glass_id for glass in own_openings(request.worker, now=request.moment)):
        messages.info(request, AlreadyClosed().sentence)
        return redirect("oversight:break-glass")
    return _close(request, glass_id, reverse("oversight:break-glass"))


@require_POST
def close_opening(request: WorkerRequest, glass_id: uuid.UUID) -> HttpResponse:
    """Close an opening of a worker one oversees."""
    fetch_opening(request.worker, glass_id)
    return _close(request, glass_id, reverse("oversight:opening", args=[glass_id]))


def _close(request: WorkerRequest, glass_id: uuid.UUID, back: str) -> HttpResponse:
    try:
        close_glass(worker=request.worker, glass_id=glass_id, now=request.moment)
    except AlreadyClosed as closed:
        messages.info(request, closed.sentence)
    else:
        messages.success(request, _("Nødadgangen er lukket."))
    return redirect(back)


@require_safe
def list_openings(request: WorkerRequest) -> HttpResponse:
    """The openings that wait for a review, or those that were reviewed."""
    worker, now = request.worker, request.moment
    is_reviewed = request.GET.get("vis") == "gennemgaaet"
    rows = openings(worker, are_reviewed=is_reviewed)
    page = page_of_openings(
        rows, newest_first=is_reviewed, after=request.GET.get("efter", ""), before=request.GET.get("foer", "")
    )
    record("oversight.openings-seen", actor=worker, at=now, matters=list(dict.fromkeys(row.matter_id for row in page.rows)))
    address = reverse("oversight:openings")
    kept = "vis=gennemgaaet&" if is_reviewed else ""
    context = {
        "openings": page.rows,
        "outcomes": dict(BreakGlassReview.Outcome.choices),
        "faces": {row.id: face_of_limit(row.broken_at, row.review_due_at, now) for row in page.rows},
        "is_reviewed": is_reviewed,
        "counts": waiting(worker, now=now),
        "attempts_url": f"{reverse('oversight:log')}?type=noedadgang",
        "views": [
            {"label": _("Skal gennemgås"), "url": address, "current": not is_reviewed, "count": None},
            {"label": _("Gennemgået"), "url": f"{address}?vis=gennemgaaet", "current": is_reviewed, "count": None},
        ],
        "pages": (
            f"{address}?{kept}foer={page.previous}" if page.previous else None,
            f"{address}?{kept}efter={page.next}" if page.next else None,
        ),
    }
    return render(request, "oversight/openings.html", context)


class Review(_UsedOnce):
    """What another person found."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Var nødadgangen berettiget?"), choices=BreakGlassReview.Outcome.choices, widget=forms.RadioSelect
    )
    note = LongText(
        label=gettext_lazy("Hvorfor?"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("Notatet er forseglet. Kun tilsynet hos den samme dataansvarlige kan læse det."),
    )


@require_http_methods(["GET", "POST"])
def opening(request: WorkerRequest, glass_id: uuid.UUID) -> HttpResponse:
    """One opening: why, what was seen and done under it, and the form of its review for whoever may review it."""
    worker, now = request.worker, request.moment
    form = Review(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("outcome", "note")}
        try:
            with transaction.atomic():
                use_form(worker=worker, token=form.cleaned_data["token"], now=now)
                review_opening(worker=worker, glass_id=glass_id, now=now, **given)
        except AlreadyDone as done:
            messages.info(request, done.sentence)
            return redirect("oversight:opening", glass_id)
        except (NotPermitted, NotVisible):
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            messages.success(request, _("Gennemgangen er gemt."))
            return redirect("oversight:openings")
    shown = fetch_opening(worker, glass_id)
    if form.is_bound:
        form.renewed()
    reason, note = reason_and_note(worker, shown)
    events = done_in(worker, shown)
    record("oversight.opening-seen", actor=worker, at=now, matters=[shown.matter_id], records=[glass_id])
    address = reverse("oversight:openings")
    context = {
        "heading": _("Gennemgå en nødadgang"),
        "form": form,
        "submit_label": _("Gem gennemgangen"),
        "cancel_url": address,
        "trail": [(_("Tilsyn"), reverse("oversight:overview")), (_("Nødadgang"), address), (_("Gennemgå en nødadgang"), None)],
        "opening": shown,
        "outcomes": dict(BreakGlassReview.Outcome.choices),
        "face": face_of_limit(shown.broken_at, shown.review_due_at, now),
        "reason": reason,
        "note": note,
        "events": events,
        "is_own": shown.worker_id == worker.id,
        "names": Names(wording.named_in([one.event for one in events])),
        "wording": wording,
        "sentence_of": sentence_of,
    }
    return render(request, "oversight/opening.html", context, status=422 if form.is_bound else 200)
