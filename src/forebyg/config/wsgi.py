"""The WSGI entry that granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forebyg.config.settings")

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - reads every page's code now: a fault shows at the start, and the first visitor does not wait
