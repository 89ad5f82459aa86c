"""The addresses of intake."""

from django.urls import path

from forebyg.intake import views

app_name = "intake"

urlpatterns = [
    path("henvendelser/ny/", views.new, name="new"),
    path("henvendelser/ny/kladde/", views.draft, name="draft"),
]
