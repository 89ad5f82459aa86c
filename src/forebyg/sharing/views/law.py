"""The legal reviewer's desk: provisions with who signed them, doubts with how they were clarified."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from forebyg.access.middleware import WorkerRequest
from forebyg.cases.actions.keeping import use_form
from forebyg.cases.finding import DEMO
from forebyg.cases.rules import AlreadyDone
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.law.schema import Text
from forebyg.sharing import reviewing, wording
from forebyg.sharing.law_forms import ClarifyForm, SignForm, TryExchange
from forebyg.sharing.signed import asked_clarifications, asked_sign_offs, law_in_force
from forebyg.store.together import ask


def say(text: Text) -> str:
    """A text of a pack in the page's language."""
    return text.en if (get_language() or "da").startswith("en") else text.da


@require_safe
def overview(request: WorkerRequest) -> HttpResponse:
    """Every provision, signed or not, and every doubt."""
    everything = reviewing.reviewed(request.worker)
    packs = [(law.pack, [one for one in everything if one.pack.meta.id == law.pack.meta.id]) for law in reviewing.laws()]
    context = {"packs": packs, "doubts": reviewing.doubts(request.worker), "say": say, "wording": wording, "demo": DEMO}
    return render(request, "sharing/law.html", context)


@require_http_methods(["GET", "POST"])
def provision(request: WorkerRequest, pack: str, provision: str) -> HttpResponse:
    """One provision, whole, with all that was said of it; sign it off, or take the sign-off back."""
    one = reviewing.fetch_reviewed(request.worker, pack, provision)
    form = SignForm(request.POST if request.method == "POST" else None, initial={"token": new_id(), "version": one.version})
    do = reviewing.take_back if one.is_signed else reviewing.sign

    def carry_out() -> None:
        given = form.cleaned_data
        do(
            worker=request.worker,
            pack=pack,
            provision=provision,
            version=given["version"],
            note=given["note"],
            now=request.moment,
        )

    heading = say(one.provision.name)
    done = _("Godkendelsen er taget tilbage.") if one.is_signed else _("Hjemlen er godkendt i dit navn.")
    context = {
        "one": one,
        "submit_label": _("Tag godkendelsen tilbage") if one.is_signed else _("Godkend hjemlen i mit navn"),
        "submit_kind": "warning" if one.is_signed else "primary",
    }
    return _form_page(request, "sharing/provision.html", form, carry_out, heading=heading, done=done, more=context)


@require_http_methods(["GET", "POST"])
def doubt(request: WorkerRequest, doubt: str) -> HttpResponse:
    """One doubt with its clarifications, and the form of a new one."""
    one = reviewing.fetch_doubt(request.worker, doubt)
    today = timezone.localdate(request.moment).isoformat()
    form = ClarifyForm(request.POST if request.method == "POST" else None, initial={"token": new_id(), "clarified_on": today})

    def carry_out() -> None:
        reviewing.clarify(worker=request.worker, doubt=doubt, now=request.moment, **form.values())

    context = {"one": one, "submit_label": _("Gem afklaringen"), "lead": say(one.doubt.question)}
    heading = _("Juridisk tvivl")
    return _form_page(
        request, "sharing/doubt.html", form, carry_out, heading=heading, done=_("Afklaringen er gemt."), more=context
    )


def _form_page(
    request: WorkerRequest,
    template: str,
    form: forms.Form,
    carry_out: Callable[[], None],
    *,
    heading: str,
    done: str,
    more: dict[str, object],
) -> HttpResponse:
    desk = reverse("sharing:law")
    if form.is_valid():
        try:
            with transaction.atomic():
                use_form(worker=request.worker, token=form.cleaned_data["token"], now=request.moment)
                carry_out()
        except AlreadyDone as twice:
            messages.info(request, twice.sentence)
            return redirect(desk)
        except (NotPermitted, NotVisible):
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
        else:
            messages.success(request, done)
            return redirect(desk)
    context = {
        "heading": heading,
        "form": form,
        "cancel_url": desk,
        "trail": [(_("Jura"), desk), (heading, None)],
        "say": say,
        "wording": wording,
        "demo": DEMO,
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def try_exchange(request: WorkerRequest) -> HttpResponse:
    """Any exchange, without a case: nothing is kept. Everyone who is signed in may try."""
    today = timezone.localdate(request.moment)
    form = TryExchange(request.POST if request.method == "POST" else None, today=today)
    finding = None
    if form.is_valid():
        signed, (clarified, refused) = ask(asked_sign_offs(), asked_clarifications())
        exchange = form.exchange(clarified=clarified, refused=refused)
        finding = law_in_force(signed, exchange.moment or today).judge(exchange)
    context = {
        "heading": _("Prøv loven"),
        "lead": _("Skriv, hvem der vil fortælle hvem hvad, og se, hvad loven siger. Intet gemmes, og ingen sag bliver rørt."),
        "form": form,
        "submit_label": _("Se, hvad loven siger"),
        "finding": finding,
        "wording": wording,
    }
    return render(request, "sharing/try.html", context, status=422 if form.errors else 200)
