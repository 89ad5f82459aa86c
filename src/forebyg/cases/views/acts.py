"""The page of a form that does something in a case: shows it, keeps its draft, carries it out, answers what went wrong."""

from __future__ import annotations

import uuid

from django import forms as django_forms
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forebyg.access.middleware import WorkerRequest
from forebyg.access.reach import forget_reach, reach_of
from forebyg.audit.record import record
from forebyg.cases import drafts, rules
from forebyg.cases.actions.keeping import check_emergency, use_form
from forebyg.cases.acts import ACTS, IN_PART, Act
from forebyg.cases.documents.refusals import DocumentRefused
from forebyg.cases.forms.base import ActForm, Scene
from forebyg.cases.models import Case, UsedForm
from forebyg.cases.queries import emergency_in, fetch_case, has_whole
from forebyg.cases.states import MOVES
from forebyg.cases.tabs import view_of_tab
from forebyg.cases.views.joined import to_own_address
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken

_CONFLICTS = (rules.MoveNotLegal, rules.StaleCase)


def act(request: WorkerRequest, reference: str, slug: str) -> HttpResponse:
    """Show the form, or carry it out. 422 with the errors, 409 when it is not possible now; what was typed is kept."""
    chosen = ACTS[slug]
    try:
        case = _case(request, reference, chosen)
    except NotVisible:
        if not _was_done(request):
            raise
        messages.info(request, rules.AlreadyDone().sentence)
        return redirect("cases:inbox")
    elsewhere = to_own_address(request, case, reference)
    if elsewhere is not None:
        return elsewhere
    scene = Scene(request.worker, case, request.moment, target=_target(request, chosen))
    if request.method == "POST":
        if "kladde" in request.POST:
            return _keep_draft(request, chosen, scene)
        return _carry_out(request, chosen, scene)
    if chosen.move is not None:
        rules.check_move(MOVES[chosen.move], case.current_step)
    if chosen.steps.isdisjoint({case.current_step}):
        raise NotPossibleNow
    kept = drafts.read_draft(worker=request.worker, form=_key(chosen, scene), matter_id=case.matter_id)
    form = chosen.form(initial=_initial(request, chosen, kept[0] if kept else {}), scene=scene)
    return _page(request, chosen, scene, form, draft_saved_at=kept[1] if kept else None)


@require_POST
def draft(request: WorkerRequest, reference: str, slug: str) -> HttpResponse:
    """Keep what stands in the form now; the page's script posts here while the worker writes."""
    chosen = ACTS[slug]
    case = _case(request, reference, chosen)
    scene = Scene(request.worker, case, request.moment, target=_target(request, chosen))
    _save(request, chosen, scene)
    return HttpResponse(status=204)


class NotPossibleNow(RuleBroken):
    """The act is not offered at this step."""

    code = "not-possible-now"

    def __init__(self) -> None:
        super().__init__(_("Det er ikke muligt på sagens nuværende trin. Gå tilbage til sagen, og se, hvad der kan gøres nu."))


def _case(request: WorkerRequest, reference: str, chosen: Act) -> Case:
    case = fetch_case(worker=request.worker, reference=reference, permission=chosen.permission)
    if chosen.slug not in IN_PART and not has_whole(request.worker, case):
        raise NotPermitted(chosen.permission.sentence)
    check_emergency(request.worker, case, chosen.permission)
    return case


def _was_done(request: WorkerRequest) -> bool:
    """Whether this very click did something before, after which the access ended with it."""
    token = _uuid(request.POST.get("token"))
    return token is not None and UsedForm.objects.filter(id=token, worker=request.worker).exists()


def _carry_out(request: WorkerRequest, chosen: Act, scene: Scene) -> HttpResponse:
    form = chosen.form(request.POST, request.FILES, scene=scene)
    status = 422
    if form.is_valid() and form.is_only_looked_at():
        return _page(request, chosen, scene, _with_version(form, scene), status=200)
    if form.is_valid():
        try:
            with transaction.atomic():
                if form.cleaned_data["token"] is not None:
                    use_form(worker=request.worker, token=form.cleaned_data["token"], now=request.moment)
                form.carry_out()
                _end_what_ends()
        except rules.AlreadyDone as done:
            messages.info(request, done.sentence)
            return redirect(_after(chosen, scene.case))
        except (NotPermitted, NotVisible):
            raise
        except RuleBroken as broken:
            if isinstance(broken, DocumentRefused):
                _note_refusal(request, scene, broken)
            form.add_error(None, broken.sentence)
            status = 409 if isinstance(broken, _CONFLICTS) else 422
        else:
            drafts.drop_draft(worker=request.worker, form=_key(chosen, scene), matter_id=scene.case.matter_id)
            messages.success(request, str(form.done))
            return redirect(_next(request, chosen, scene.case))
    scene = Scene(request.worker, fetch_case(worker=request.worker, case_id=scene.case.id), request.moment, target=scene.target)
    return _page(request, chosen, scene, _with_version(form, scene), status=status)


def _note_refusal(request: WorkerRequest, scene: Scene, refusal: DocumentRefused) -> None:
    """That a file was turned away, and why; nothing of what is in it or what it is called."""
    record(
        "document.refused",
        actor=request.worker,
        at=request.moment,
        matters=[scene.case.matter_id],
        codes={"error": refusal.code, "status": 422},
    )


def _with_version(form: ActForm, scene: Scene) -> ActForm:
    """The same form with what was typed, to be sent anew against the case as it stands now."""
    assert isinstance(form.data, QueryDict)
    data = form.data.copy()
    data["seen"] = str(scene.case.version)
    form.data = data
    return form


def _keep_draft(request: WorkerRequest, chosen: Act, scene: Scene) -> HttpResponse:
    _save(request, chosen, scene)
    messages.success(request, _("Kladden er gemt. Du finder den, når du åbner formularen igen."))
    return redirect(_after(chosen, scene.case))


def _save(request: WorkerRequest, chosen: Act, scene: Scene) -> None:
    drafts.save_draft(
        worker=request.worker,
        form=_key(chosen, scene),
        matter_id=scene.case.matter_id,
        data=request.POST,
        now=request.moment,
    )


def _key(chosen: Act, scene: Scene) -> str:
    return f"{chosen.slug}:{scene.target}" if scene.target else chosen.slug


def _target(request: WorkerRequest, chosen: Act) -> uuid.UUID | None:
    """Which row of the page the act is on. Raises `NotVisible` where it needs one and none is named."""
    target = _uuid(request.POST.get("target") if request.method == "POST" else request.GET.get("for"))
    if target is None and chosen.on_row and chosen.slug != "procedure":
        raise NotVisible
    return target


def _uuid(value: str | None) -> uuid.UUID | None:
    if not value:
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        raise NotVisible from None


def _initial(request: HttpRequest, chosen: Act, kept: dict[str, list[str]]) -> dict[str, object]:
    """What the form begins with: the draft, and what the link that led here says of the form's own hidden fields."""
    initial: dict[str, object] = {}
    for name, field in chosen.form.base_fields.items():
        if isinstance(field.widget, django_forms.HiddenInput) and name in request.GET:
            initial[name] = request.GET[name]
    for name, values in kept.items():
        takes_several = isinstance(chosen.form.base_fields.get(name), django_forms.MultipleChoiceField)
        initial[name] = values if takes_several else values[-1] if values else ""
    return initial


def _after(chosen: Act, case: Case) -> str:
    return reverse(view_of_tab(chosen.tab), args=[case.matter.reference])


def _end_what_ends() -> None:
    """Access that ends with what was just done ends now and not with the transaction, so that the answer can say it (B-024)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _next(request: WorkerRequest, chosen: Act, case: Case) -> str:
    forget_reach(request.worker)
    if case.matter_id in reach_of(request.worker).matters:
        return _after(chosen, case)
    messages.info(request, _("Du har ikke længere adgang til sagen. Det, du havde adgang til, er gjort færdigt."))
    return reverse("cases:inbox")


def _page(
    request: WorkerRequest, chosen: Act, scene: Scene, form: ActForm, *, status: int = 200, draft_saved_at: object = None
) -> HttpResponse:
    """The form as it is shown, after whatever it answers: the ledger has each time it was seen."""
    slug, case = chosen.slug, scene.case
    record("act.opened", actor=request.worker, at=request.moment, matters=[case.matter_id], codes={"act": slug})
    case_url = reverse("cases:case", args=[case.matter.reference])
    form.before_page()
    context = {
        "heading": chosen.form.heading,
        "lead": form.lead,
        "form": form,
        "submit_label": form.submit_label,
        "submit_kind": "warning" if form.cannot_be_undone else "primary",
        "cancel_url": case_url,
        "trail": [(_("Sager"), reverse("cases:list")), (case.matter.reference, case_url), (chosen.form.heading, None)],
        "draft_url": None if form.is_multipart() else reverse(f"cases:draft-{slug}", args=[case.matter.reference]),
        "draft_saved_at": draft_saved_at,
        "more_buttons": []
        if form.is_multipart()
        else [*form.more_buttons, {"label": _("Gem kladde"), "name": "kladde", "value": "ja"}],
        "case": case,
        "emergency": emergency_in(request.worker, case.matter_id),
        "step": case.current_step,
        "action": request.path,
    }
    return render(request, form.template, context, status=status)
