"""Every address of the system. A new one needs a row in the permission matrix (tests/architecture/permission_matrix.py)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
