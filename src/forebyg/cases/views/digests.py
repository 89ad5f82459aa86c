"""Where a worker turns the mails about the own inbox on and off; the page of the own account leads here (B-012)."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forebyg.access.middleware import WorkerRequest
from forebyg.access.permissions import Permission
from forebyg.cases.digests import choose_digest, rhythm_of
from forebyg.cases.models import Digest
from forebyg.cases.queries import require


class ChooseDigest(forms.Form):
    """How often."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("Hvor tit vil du have en mail?"),
        choices=[("", gettext_lazy("Aldrig")), *Digest.Rhythm.choices],
        widget=forms.RadioSelect,
        required=False,
    )


@require_http_methods(["GET", "POST"])
def digest(request: WorkerRequest) -> HttpResponse:
    """Show the choice, or keep it."""
    worker = request.worker
    require(worker, Permission.SEE_CASES)
    form = ChooseDigest(request.POST if request.method == "POST" else None, initial={"rhythm": rhythm_of(worker)})
    if form.is_valid():
        choose_digest(worker=worker, rhythm=form.cleaned_data["rhythm"], language=get_language() or "da", now=request.moment)
        messages.success(request, _("Dit valg er gemt."))
        return redirect("account")
    context = {
        "heading": _("Mail om din indbakke"),
        "lead": _(
            "Mailen fortæller kun, hvor mange frister der er overskredet eller snart udløber. Der står intet om sager eller personer i den, og venter der ingen frister, får du ingen mail."
        ),
        "form": form,
        "submit_label": _("Gem"),
        "cancel_url": reverse("account"),
        "trail": [(_("Min konto"), reverse("account")), (_("Mail om din indbakke"), None)],
    }
    return render(request, "ui/form_page.html", context, status=422 if form.is_bound else 200)
