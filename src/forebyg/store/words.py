"""A model field that holds one of a list of fixed words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField  # not subscriptable at run time


class WordField(_Text):
    """One of the words in `choices`. A word more changes no table, so migrations leave the list out."""

    def deconstruct(self) -> Any:
        """The plain field without its words: migrations import no application code."""
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, "django.db.models.CharField", args, kwargs
