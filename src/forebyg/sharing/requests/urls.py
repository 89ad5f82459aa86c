"""The addresses of requests."""

from django.urls import path

from forebyg.sharing.requests import case_tab, views

app_name = "requests"

urlpatterns = [
    path("anmodninger/", views.inbox, name="inbox"),
    path("sager/<str:reference>/anmodninger/", case_tab.case_requests, name="requests"),
]
