"""The page of a new concern."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forebyg.access.middleware import WorkerRequest
from forebyg.access.permissions import Permission
from forebyg.cases import drafts, rules
from forebyg.cases.actions.keeping import use_form
from forebyg.cases.models import Case
from forebyg.cases.queries import require
from forebyg.core.errors import NotPermitted, RuleBroken
from forebyg.intake.actions import note_concern, register_concern
from forebyg.intake.forms import MOST_PEOPLE, NewConcern

_DRAFT = "ny-henvendelse"


def new(request: WorkerRequest) -> HttpResponse:
    """Take in a concern: at an entry point it is received at once, elsewhere it is noted and an entry point takes it in."""
    require(request.worker, Permission.TAKE_IN_CONCERN)
    if request.method != "POST":
        kept = drafts.read_draft(worker=request.worker, form=_DRAFT, matter_id=None)
        return _page(
            request,
            NewConcern(initial=_initial(kept[0] if kept else {}), worker=request.worker),
            saved=kept[1] if kept else None,
        )
    if "flere" in request.POST:
        return _page(request, NewConcern(initial=_initial(_one_more(request.POST)), worker=request.worker))
    if "kladde" in request.POST:
        _save(request)
        messages.success(request, _("Kladden er gemt. Du finder den, når du åbner formularen igen."))
        return redirect("cases:inbox")
    form = NewConcern(request.POST, worker=request.worker)
    if form.is_valid():
        try:
            with transaction.atomic():
                case = _take_in(request, form)
        except rules.AlreadyDone as done:
            messages.info(request, done.sentence)
            return redirect("cases:inbox")
        except NotPermitted:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            drafts.drop_draft(worker=request.worker, form=_DRAFT, matter_id=None)
            messages.success(
                request, _("Henvendelsen er registreret som sag %(reference)s.") % {"reference": case.matter.reference}
            )
            return redirect("cases:case", case.matter.reference)
    return _page(request, form, status=422)


@require_POST
def draft(request: WorkerRequest) -> HttpResponse:
    """Keep what stands in the form now."""
    require(request.worker, Permission.TAKE_IN_CONCERN)
    _save(request)
    return HttpResponse(status=204)


def _take_in(request: WorkerRequest, form: NewConcern) -> Case:
    data = form.cleaned_data
    if data["token"] is not None:
        use_form(worker=request.worker, token=data["token"], now=request.moment)
    what = {
        "worker": request.worker,
        "channel": data["channel"],
        "reporter": form.who_reports(),
        "people": form.persons(),
        "observation": form.what_was_observed(),
        "now": request.moment,
    }
    if request.worker.agency.is_entry_point:
        return register_concern(**what, received_at=data["received_at"])
    return note_concern(**what, happened_at=data["received_at"])


def _one_more(posted: QueryDict) -> dict[str, list[str]]:
    """What was typed so far, with room for one more person."""
    typed = {name: posted.getlist(name) for name in posted if name not in ("csrfmiddlewaretoken", "token", "flere")}
    number = posted.get("people", "1")
    typed["people"] = [str(min(int(number) + 1, MOST_PEOPLE)) if number.isdigit() else "2"]
    return typed


def _initial(typed: dict[str, list[str]]) -> dict[str, object]:
    return {
        name: values
        if name.startswith("roles_")
        else int(values[-1])
        if name == "people" and values[-1].isdigit()
        else values[-1]
        for name, values in typed.items()
        if values
    }


def _save(request: WorkerRequest) -> None:
    drafts.save_draft(worker=request.worker, form=_DRAFT, matter_id=None, data=request.POST, now=request.moment)


def _page(
    request: WorkerRequest, form: NewConcern, *, status: int = 200, saved: datetime.datetime | None = None
) -> HttpResponse:
    more = [{"label": _("Gem kladde"), "name": "kladde", "value": "ja"}]
    if form.number_of_people < MOST_PEOPLE:
        more.insert(0, {"label": _("Tilføj en person til"), "name": "flere", "value": "ja"})
    context = {
        "heading": _("Ny henvendelse"),
        "lead": _("Er der fare her og nu, så ring 112 først."),
        "form": form,
        "submit_label": _("Registrér henvendelsen"),
        "cancel_url": reverse("cases:inbox"),
        "trail": [(_("Min indbakke"), reverse("cases:inbox")), (_("Ny henvendelse"), None)],
        "draft_url": reverse("intake:draft"),
        "draft_saved_at": saved,
        "more_buttons": more,
    }
    return render(request, "ui/form_page.html", context, status=status)
