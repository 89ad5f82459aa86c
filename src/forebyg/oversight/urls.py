"""The addresses of the data protection officer's desk, and of breaking the glass."""

from django.urls import path

from forebyg.oversight.views import accesses, break_glass, log, matter, overview

app_name = "oversight"
urlpatterns = [
    path("tilsyn/", overview.overview, name="overview"),
    path("tilsyn/log/", log.log, name="log"),
    path("tilsyn/log/hent/", log.export, name="export"),
    path("tilsyn/log/<uuid:event_id>/begrundelse/", log.reason, name="reason"),
    path("tilsyn/sag/<str:reference>/", matter.matter, name="matter"),
    path("tilsyn/adgange/", accesses.accesses, name="accesses"),
    path("tilsyn/adgange/<uuid:grant_id>/", accesses.review, name="review"),
    path("tilsyn/noedadgang/", break_glass.list_openings, name="openings"),
    path("tilsyn/noedadgang/<uuid:glass_id>/", break_glass.opening, name="opening"),
    path("tilsyn/noedadgang/<uuid:glass_id>/luk/", break_glass.close_opening, name="close-opening"),
    path("noedadgang/", break_glass.break_the_glass, name="break-glass"),
    path("noedadgang/<uuid:glass_id>/luk/", break_glass.close_own, name="close-own"),
]
