"""One's own page: who one is signed in as, what guards the account, and whether single keys are shortcuts."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forebyg.access.browsers import new_browsers
from forebyg.access.middleware import WorkerRequest
from forebyg.access.permissions import Permission
from forebyg.access.sign_in import AccountForm

_TOLD_FOR = datetime.timedelta(days=30)

SHORTCUTS_OFF = "shortcuts_off"
"""The session's mark that single keys do nothing (WCAG 2.1.4)."""


@require_http_methods(["GET", "POST"])
def account(request: WorkerRequest) -> HttpResponse:
    """Show the page, or keep what was chosen for this session."""
    form = AccountForm(
        request.POST if request.method == "POST" else None, initial={"shortcuts": SHORTCUTS_OFF not in request.session}
    )
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["shortcuts"]:
            request.session.pop(SHORTCUTS_OFF, None)
        else:
            request.session[SHORTCUTS_OFF] = True
        messages.success(request, _("Gemt."))
        return redirect("account")
    roles = ", ".join(sorted(str(role.label) for role in request.worker.roles))
    context = {
        "heading": _("Min konto"),
        "lead": f"{request.worker.name}, {request.worker.agency.name}. {roles}",
        "form": form,
        "submit_label": _("Gem"),
        "digest_url": reverse("cases:digest") if request.worker.may(Permission.SEE_CASES) else None,
        "new_browsers": new_browsers(request.worker, since=request.moment - _TOLD_FOR),
    }
    return render(request, "account/account.html", context)
