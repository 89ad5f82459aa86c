"""Consents: what was asked, who answered, and what."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = "SELECT access.guard_record('people_consent')"
BACKWARD = "DELETE FROM access_record_table WHERE name = 'people_consent'"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_participants"),
        ("access", "0002_policies"),
    ]
    operations = [
        migrations.CreateModel(
            name="Consent",
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
                ("kind", models.CharField(max_length=9)),
                ("person", models.UUIDField(help_text="the participant whom it concerns")),
                (
                    "answered_by",
                    models.UUIDField(help_text="the participant who answered: the person, or a parent or guardian"),
                ),
                ("answer", models.CharField(max_length=9)),
                (
                    "intervention",
                    models.CharField(blank=True, help_text="to take part in: id in the strategy pack", max_length=60),
                ),
                (
                    "recipient",
                    models.UUIDField(help_text="to share with: an agency, or empty for all named in the text", null=True),
                ),
                ("text", models.BinaryField(help_text="what was asked and said")),
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
                        condition=models.Q(
                            models.Q(("intervention", ""), ("kind", "share")),
                            models.Q(
                                models.Q(("kind", "take-part"), ("recipient", None)),
                                models.Q(("intervention", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consent_is_to_one_thing",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
