"""The bare root that grants and ledger events point to."""

from __future__ import annotations

from django.db import models

from forebyg.store.ids import IdField


class Matter(models.Model):
    """From the first call to the last review one matter with one reference (B-001). It knows nothing of its content."""

    id = IdField()
    unit_id = models.UUIDField(help_text="the tenant; `access` above adds the foreign key")
    reference = models.CharField(max_length=12)
    joined_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_id", "reference"], name="matter_reference_unique_in_unit")]

    def __str__(self) -> str:
        return self.reference
