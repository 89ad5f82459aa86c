"""The addresses of cases. A case is found by its reference, which says nothing about anybody."""

from __future__ import annotations

from django.urls import path

from forebyg.cases.acts import ACTS
from forebyg.cases.views import acts, breaches, case_page, digests, documents, lists, saved_views

app_name = "cases"

_CASE = "sager/<str:reference>/"

urlpatterns = [
    path("indbakke/", lists.inbox, name="inbox"),
    path("tavle/", lists.board, name="board"),
    path("overskredne-frister/", breaches.report, name="breaches"),
    path("konto/mail/", digests.digest, name="digest"),
    path("sager/", lists.case_list, name="list"),
    path("visninger/gem/", saved_views.save, name="save-view"),
    path("visninger/<uuid:view_id>/slet/", saved_views.drop, name="drop-view"),
    path("sager/soeg/", lists.search, name="search"),
    path(_CASE, case_page.overview, name="case"),
    path(f"{_CASE}personer/", case_page.people, name="people"),
    path(f"{_CASE}personer/<uuid:root>/", case_page.person, name="person"),
    path(f"{_CASE}personer/<uuid:root>/cpr/", case_page.cpr, name="cpr"),
    path(f"{_CASE}personer/<uuid:root>/samtykke/", case_page.consent_letter, name="consent-letter"),
    path(f"{_CASE}tidslinje/", case_page.timeline, name="timeline"),
    path(f"{_CASE}opgaver/", case_page.tasks, name="tasks"),
    path(f"{_CASE}vurderinger/", case_page.assessments, name="assessments"),
    path(f"{_CASE}oplysninger/", case_page.items, name="items"),
    path(f"{_CASE}dokumenter/<uuid:root>/", case_page.document, name="document"),
    path(f"{_CASE}dokumenter/<uuid:root>/hent/", documents.download, name="document-download"),
    path(f"{_CASE}dokumenter/<uuid:root>/udgave/<int:number>/", documents.download_version, name="document-version"),
    path(f"{_CASE}dokumenter/<uuid:root>/side/<int:number>/", documents.preview, name="document-preview"),
    path(f"{_CASE}indsatser/", case_page.measures, name="measures"),
    path(f"{_CASE}aftaler/", case_page.plan, name="plan"),
    path(f"{_CASE}videregivelser/", case_page.sharing, name="sharing"),
    *(path(f"{_CASE}goer/{slug}/", acts.act, {"slug": slug}, name=f"act-{slug}") for slug in ACTS),
    *(path(f"{_CASE}goer/{slug}/kladde/", acts.draft, {"slug": slug}, name=f"draft-{slug}") for slug in ACTS),
]
