"""The tables of the room `matters`."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("unit_id", models.UUIDField(help_text="the tenant; `access` above adds the foreign key")),
                ("reference", models.CharField(max_length=12)),
                ("created_at", models.DateTimeField()),
                (
                    "joined_into",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="joined", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("unit_id", "reference"), name="matter_reference_unique_in_unit")
                ],
            },
        ),
    ]
