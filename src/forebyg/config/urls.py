"""Every address of the system. A new one needs a row in the permission matrix (tests/architecture/permission_matrix.py).

Everything is behind sign-in (LoginRequiredMiddleware) but what `login_not_required` marks. Error pages are Django's own
handlers with the templates 400.html, 403.html, 404.html and 500.html.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from forebyg.config import health
from forebyg.config.navigation import front

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front, name="front"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("", include("forebyg.access.urls")),
    path("sprog/", login_not_required(require_POST(set_language)), name="language"),
    path("", include("forebyg.strategy.urls")),
    path("", include("forebyg.cases.urls")),
    path("", include("forebyg.sharing.urls")),
    path("", include("forebyg.sharing.requests.urls")),
    path("", include("forebyg.intake.urls")),
    path("", include("forebyg.meetings.urls")),
    path("", include("forebyg.oversight.urls")),
]
