"""The tables of the room `people`."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),  # the more models there are, the slower these go
        ("store", "0002_jobs"),  # and procrastinate's before it
        ("access", "0001_who_is_who"),
        ("matters", "0001_matter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, editable=False, size=None
                    ),
                ),
                ("about", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("root", models.UUIDField(editable=False)),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("is_current", models.BooleanField(default=True, editable=False)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("citizen", models.UUIDField()),
                ("label", models.BinaryField(help_text="how the person is spoken of in the matter, e.g. 'Far'")),
                ("name", models.BinaryField()),
                ("cpr", models.BinaryField()),
                ("cpr_index", models.BinaryField(help_text="keyed hash of the CPR number, for exact look-up", null=True)),
                ("born_on", models.BinaryField(help_text="ISO date, or empty when not known")),
                ("stated_age", models.CharField(default="unknown", max_length=8)),
                ("municipality", models.CharField(blank=True, max_length=60)),
                ("is_subject", models.BooleanField(default=False)),
                ("is_involved", models.BooleanField(default=False)),
                ("is_guardian", models.BooleanField(default=False)),
                ("involved_because", models.BinaryField()),
                ("cooperation", models.CharField(blank=True, max_length=12)),
                (
                    "meets_apart",
                    models.BooleanField(
                        default=False, help_text="met apart from the child, because the influence is the concern"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matter"),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_subject", True), ("is_involved", True), ("is_guardian", True), _connector="OR"),
                        name="participant_has_a_role",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, editable=False, size=None
                    ),
                ),
                ("about", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("root", models.UUIDField(editable=False)),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("is_current", models.BooleanField(default=True, editable=False)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("from_participant", models.UUIDField()),
                ("to_participant", models.UUIDField()),
                ("kind", models.CharField(max_length=10)),
                ("has_custody", models.BooleanField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matter"),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.agency")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_participant", models.F("to_participant")), _negated=True),
                        name="relation_is_between_two",
                    )
                ],
            },
        ),
    ]
