"""The addresses of the strategy."""

from django.urls import path

from forebyg.strategy import views

app_name = "strategy"
urlpatterns = [
    path("indsatser/", views.interventions, name="interventions"),
    path("indsatser/<slug:intervention_id>/", views.intervention, name="intervention"),
    path("maal/", views.goals, name="goals"),
]
