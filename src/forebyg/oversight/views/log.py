"""The log with its filters, the reasons in it, and the log as a file."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Agency, Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.audit.record import record
from forebyg.cases.rules import LONGEST_TEXT
from forebyg.core.errors import NotPermitted, RuleBroken
from forebyg.oversight import wording
from forebyg.oversight.events import EventFilters, LoggedEvent, event_page, open_reason
from forebyg.oversight.export import export_log
from forebyg.oversight.names import Names
from forebyg.oversight.sentences import Group, sentence_of
from forebyg.ui.form_fields import LongText
from forebyg.ui.moments import date

Chip = dict[str, str]


@require_safe
def log(request: WorkerRequest) -> HttpResponse:
    """Events of the own controller, newest first, narrowed down by what the address says."""
    worker, now = request.worker, request.moment
    filters = EventFilters.read(request.GET)
    page = event_page(worker, filters, after=request.GET.get("efter", ""), before=request.GET.get("foer", ""))
    record(
        "oversight.log-seen",
        actor=worker,
        at=now,
        matters=filters.matters if page.rows else [],  # what one had nothing to do with is not learnt by asking
        codes={name: value for name, value in filters.as_query().items() if name != "sag"},
    )
    events: list[LoggedEvent] = page.rows
    names = Names([*wording.named_in(events), filters.worker])
    query = filters.as_query()
    own = Worker.objects.filter(agency__controller=worker.agency.controller_id).order_by("name", "id")
    agencies = Agency.objects.filter(units=worker.unit_id).order_by("name", "id")
    context = {
        "events": events,
        "names": names,
        "wording": wording,
        "sentence_of": sentence_of,
        "filters": filters,
        "group_options": _options(((one.value, str(one.label)) for one in Group), filters.group.value if filters.group else ""),
        "worker_options": _options(((str(one.id), one.name) for one in own), str(filters.worker or "")),
        "agency_options": _options(((str(one.id), one.name) for one in agencies), str(filters.agency or "")),
        "chips": list(_chips(filters, names)),
        "clear_url": reverse("oversight:log"),
        "export_url": _address("oversight:export", query),
        "pages": (
            _address("oversight:log", query | {"foer": page.previous}) if page.previous else None,
            _address("oversight:log", query | {"efter": page.next}) if page.next else None,
        ),
    }
    return render(request, "oversight/log.html", context)


@require_POST
def reason(request: WorkerRequest, event_id: uuid.UUID) -> HttpResponse:
    """The sealed reason of one event; that it was opened is an event, too."""
    text, matters = open_reason(request.worker, event_id)
    record("oversight.reason-opened", actor=request.worker, at=request.moment, matters=matters, records=[event_id])
    return render(request, "oversight/reason.html", {"text": text})


class WhyExport(forms.Form):
    """Why the log leaves the system."""

    reason = LongText(
        label=gettext_lazy("Hvad skal filen bruges til?"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("Begrundelsen gemmes forseglet i loggen sammen med, at du har hentet filen."),
    )


@require_http_methods(["GET", "POST"])
def export(request: WorkerRequest) -> HttpResponse:
    """Ask why, then hand over the log as a file."""
    require(request.worker, Permission.OVERSEE)
    filters = EventFilters.read(request.GET)
    form = WhyExport(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            text = export_log(worker=request.worker, filters=filters, reason=form.cleaned_data["reason"], now=request.moment)
        except NotPermitted:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            return _file(text, timezone.localdate(request.moment))
    back = _address("oversight:log", filters.as_query())
    context = {
        "heading": _("Hent loggen som fil"),
        "lead": _(
            "Filen viser, hvem der har set og gjort hvad. Den indeholder ingen oplysninger fra sagerne, men pas på den alligevel."
        ),
        "chips": [chip["label"] for chip in _chips(filters, Names([filters.worker]))],
        "form": form,
        "submit_label": _("Hent filen"),
        "cancel_url": back,
        "trail": [(_("Tilsyn"), reverse("oversight:overview")), (_("Log"), back), (_("Hent loggen som fil"), None)],
    }
    return render(request, "oversight/export.html", context, status=422 if form.is_bound else 200)


def _file(text: str, day: datetime.date) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="forebyg-log-{day.isoformat()}.csv"'
    return response


def _address(view: str, query: Mapping[str, str]) -> str:
    return f"{reverse(view)}?{urlencode(query)}" if query else reverse(view)


def _options(choices: Iterable[tuple[str, str]], chosen: str) -> list[tuple[str, str, bool]]:
    return [("", _("Alle"), not chosen), *((value, label, value == chosen) for value, label in choices)]


def _chips(filters: EventFilters, names: Names) -> Iterable[Chip]:
    """The filters in use in words, each with the address without it."""
    said = {
        "sag": _("Sag: %(reference)s") % {"reference": filters.reference} if filters.reference else "",
        "medarbejder": names.worker(filters.worker) if filters.worker else "",
        "myndighed": names.agency(filters.agency),
        "type": str(filters.group.label) if filters.group else "",
        "fra": _("Fra %(day)s") % {"day": date(filters.first_day)} if filters.first_day else "",
        "til": _("Til %(day)s") % {"day": date(filters.last_day)} if filters.last_day else "",
    }
    for name in filters.as_query():
        yield {"label": said[name] or _("Ukendt"), "url": _address("oversight:log", filters.without(name))}
