"""Pages are drawn without the rest of the product: no navigation, no collected static files."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def plain_pages(settings: Any) -> Any:
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "APP_DIRS": True,
            "OPTIONS": {"environment": "forebyg.ui.environment.environment"},
        }
    ]
    return settings
