"""The addresses of sign-in. The names are those that allauth and Django ask for."""

from __future__ import annotations

from django.urls import path

from forebyg.access import views

urlpatterns = [
    path("log-paa/", views.SignIn.as_view(), name="account_login"),
    path("log-af/", views.SignOut.as_view(), name="account_logout"),
    path("adgangskode/", views.PasswordChange.as_view(), name="account_change_password"),
    path("", views.account, name="account"),
    path("session/", views.keep_session, name="session"),
]
