"""The addresses of the data protection officer's desk."""

from django.urls import path

from forebyg.oversight.views import accesses, log, matter, overview

app_name = "oversight"
urlpatterns = [
    path("tilsyn/", overview.overview, name="overview"),
    path("tilsyn/log/", log.log, name="log"),
    path("tilsyn/log/hent/", log.export, name="export"),
    path("tilsyn/log/<uuid:event_id>/begrundelse/", log.reason, name="reason"),
    path("tilsyn/sag/<str:reference>/", matter.matter, name="matter"),
    path("tilsyn/adgange/", accesses.accesses, name="accesses"),
    path("tilsyn/adgange/<uuid:grant_id>/", accesses.review, name="review"),
]
