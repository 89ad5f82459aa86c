"""The tables of the room `audit`."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("worker_id", models.UUIDField(null=True)),
                ("agency_id", models.UUIDField(null=True)),
                ("action", models.CharField(max_length=60)),
                (
                    "matter_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                (
                    "record_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("codes", models.JSONField(default=dict)),
                ("reason", models.BinaryField()),
            ],
            options={
                "db_table": "audit_event",
            },
        ),
    ]
