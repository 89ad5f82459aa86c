"""The editions of strategy packs that have been loaded."""

from __future__ import annotations

from django.db import models

from forebyg.store.ids import IdField


class PackEdition(models.Model):
    """One version of one pack, as it was loaded. The database refuses every change and removal (R-164, R-165)."""

    id = IdField()
    pack_id = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON of the content")
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack_id", "version"], name="pack_version_once")]
        indexes = [models.Index(fields=["pack_id", "-loaded_at"], name="pack_newest")]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.version}"
