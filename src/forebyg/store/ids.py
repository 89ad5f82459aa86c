"""The primary key of our tables: drawn in the application before the insert."""

from __future__ import annotations

from typing import Any

from django.db import models

from forebyg.core.ids import new_id


class IdField(models.UUIDField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A UUIDv7 primary key. In migrations it is a plain UUIDField, so they import no application code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"primary_key": True, "default": new_id, "editable": False}
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        """The plain field."""
        name, _, args, kwargs = super().deconstruct()
        del kwargs["default"]
        return name, "django.db.models.UUIDField", args, kwargs
