"""The agencies of the unit and how each stands before the law: seen, proposed by an administrator, decided by a legal reviewer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forebyg.access import legal_standing
from forebyg.access.middleware import WorkerRequest
from forebyg.access.models import Agency, LegalStanding
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.access.views.confirm import ask_again
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.ui.form_fields import LongText

PUBLIC_TASK = {"": gettext_lazy("Ikke oplyst"), "yes": gettext_lazy("Ja"), "no": gettext_lazy("Nej")}
_TASK_OF: dict[str, bool | None] = {"": None, "yes": True, "no": False}
_WORD_OF = {value: word for word, value in _TASK_OF.items()}


class Propose(forms.Form):
    """How the agency is to stand, and what that rests on."""

    forums = forms.MultipleChoiceField(
        label=gettext_lazy("Samarbejder, myndigheden indgår i"),
        choices=list(legal_standing.FORUMS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    public_task = forms.ChoiceField(
        label=gettext_lazy("Har den en offentlig opgave?"),
        choices=list(PUBLIC_TASK.items()),
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Betyder kun noget for mentorer, coaches og selvejende institutioner."),
    )
    reason = LongText(
        label=gettext_lazy("Hvad bygger det på?"),
        max_length=legal_standing.LONGEST_REASON,
        help_text=gettext_lazy("Fx en samarbejdsaftale. Skriv ikke om personer."),
    )


class Decide(forms.Form):
    """The word of a legal reviewer."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Skal myndigheden stå sådan?"),
        choices=[
            (LegalStanding.Outcome.ACCEPTED.value, gettext_lazy("Ja, det er rigtigt")),
            (LegalStanding.Outcome.DECLINED.value, gettext_lazy("Nej, den skal blive, som den er")),
        ],
        widget=forms.RadioSelect,
    )


@require_safe
def everyone(request: WorkerRequest) -> HttpResponse:
    """The agencies of the unit."""
    context = {"agencies": legal_standing.agencies_of(request.worker), "forums": legal_standing.FORUMS, "tasks": _words()}
    return render(request, "agencies/list.html", context)


@require_safe
def one(request: WorkerRequest, agency_id: uuid.UUID) -> HttpResponse:
    """One agency: how it stands, the proposal that waits and what would follow from it, and the earlier ones."""
    agency = legal_standing.fetch_agency(request.worker, agency_id)
    proposals = legal_standing.proposals_for(request.worker, agency)
    waiting = next((proposal for proposal in proposals if not proposal.outcome), None)
    context = {
        **_shown(agency, waiting),
        "earlier": [proposal for proposal in proposals if proposal.outcome],
        "may_propose": request.worker.may(Permission.ADMINISTER),
        "may_decide": request.worker.may(Permission.REVIEW_LAW)
        and waiting is not None
        and waiting.proposed_by_id != request.worker.pk,
    }
    return render(request, "agencies/one.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: WorkerRequest, agency_id: uuid.UUID) -> HttpResponse:
    """An administrator says how the agency is to stand."""
    require(request.worker, Permission.ADMINISTER)
    agency = legal_standing.fetch_agency(request.worker, agency_id)
    initial = {"forums": list(agency.forums), "public_task": _WORD_OF[agency.has_public_task]}
    form = Propose(request.POST if request.method == "POST" else None, initial=initial)

    def carry_out(given: dict[str, Any]) -> None:
        legal_standing.propose_standing(
            worker=request.worker,
            agency_id=agency.id,
            forums=given["forums"],
            has_public_task=_TASK_OF[given["public_task"]],
            reason=given["reason"],
            now=request.moment,
        )

    context = {
        "heading": _("Foreslå en ændring for %(agency)s") % {"agency": agency.name},
        "lead": _("Loven spørger om det her, før noget videregives. Ændringen gælder, når en juridisk godkender har sagt ja."),
        "submit_label": _("Foreslå ændringen"),
        "done": _("Forslaget er gemt. Det gælder, når en juridisk godkender har sagt ja."),
    }
    return _form_page(request, "ui/form_page.html", agency, form, carry_out, context)


@require_http_methods(["GET", "POST"])
def decide(request: WorkerRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """A legal reviewer accepts or declines what somebody else proposed."""
    proposal = legal_standing.fetch_proposal(request.worker, proposal_id)
    form = Decide(request.POST if request.method == "POST" else None)

    def carry_out(given: dict[str, Any]) -> None:
        legal_standing.decide_standing(
            worker=request.worker, proposal_id=proposal.id, outcome=given["outcome"], now=request.moment
        )

    context = {
        **_shown(proposal.agency, proposal),
        "heading": _("Afgør forslaget for %(agency)s") % {"agency": proposal.agency.name},
        "submit_label": _("Gem afgørelsen"),
        "done": _("Afgørelsen er gemt."),
    }
    return _form_page(request, "agencies/decide.html", proposal.agency, form, carry_out, context)


@require_POST
def withdraw(request: WorkerRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Take a proposal back."""
    agency = legal_standing.withdraw_standing(worker=request.worker, proposal_id=proposal_id, now=request.moment)
    messages.success(request, _("Forslaget er trukket tilbage. Myndigheden står, som den stod."))
    return redirect("agencies:one", agency.id)


def _form_page(
    request: WorkerRequest,
    template: str,
    agency: Agency,
    form: forms.Form,
    carry_out: Callable[[dict[str, Any]], None],
    context: dict[str, Any],
) -> HttpResponse:
    if answer := ask_again(request):
        return answer
    here = reverse("agencies:one", args=[agency.id])
    if form.is_valid():
        try:
            carry_out(form.cleaned_data)
        except (NotPermitted, NotVisible):
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            messages.success(request, context["done"])
            return redirect(here)
    trail = [(_("Myndigheder"), reverse("agencies:list")), (agency.name, here), (context["heading"], None)]
    shown = {**context, "form": form, "cancel_url": here, "trail": trail}
    return render(request, template, shown, status=422 if form.is_bound else 200)


def _shown(agency: Agency, proposal: LegalStanding | None) -> dict[str, Any]:
    follows = (
        legal_standing.what_follows(agency, forums=proposal.forums, has_public_task=proposal.has_public_task)
        if proposal
        else []
    )
    return {"agency": agency, "waiting": proposal, "follows": follows, "forums": legal_standing.FORUMS, "tasks": _words()}


def _words() -> dict[bool | None, str]:
    return {_TASK_OF[word]: str(label) for word, label in PUBLIC_TASK.items()}
