"""Addresses of pages. Django works each out anew, and a page has fifty."""

from __future__ import annotations

import functools
from collections.abc import Hashable

from django.urls import reverse


@functools.lru_cache(maxsize=10_000)
def path_of(name: str, *args: Hashable) -> str:
    """Path of a named URL. Raises NoReverseMatch for an unknown name."""
    return reverse(name, args=args or None)
