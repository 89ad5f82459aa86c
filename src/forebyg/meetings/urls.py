"""The addresses of unit meetings."""

from django.urls import path

from forebyg.meetings import views

app_name = "meetings"
_CASE = "sager/<str:reference>/enhedsmoeder/"
urlpatterns = [
    path(_CASE, views.meetings, name="meetings"),
    path(f"{_CASE}<uuid:root>/", views.item, name="item"),
    path(f"{_CASE}referat/<uuid:root>/", views.minutes, name="minutes"),
]
