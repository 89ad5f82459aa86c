"""Whether a person was told that information is kept, why not, and until when."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = "SELECT access.guard_record('people_information')"
BACKWARD = "DELETE FROM access_record_table WHERE name = 'people_information'"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_more_of_a_participant"),
        ("access", "0002_policies"),
    ]
    operations = [
        migrations.CreateModel(
            name="Information",
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
                ("person", models.UUIDField(help_text="the participant whom it concerns")),
                ("state", models.CharField(max_length=8)),
                ("why", models.CharField(blank=True, max_length=13)),
                (
                    "until",
                    models.DateField(help_text="until when the person is not told; then it is decided anew", null=True),
                ),
                ("text", models.BinaryField(help_text="how the person was told, or the reason in words")),
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
                            models.Q(("state", "told"), ("until", None), ("why", "")),
                            models.Q(
                                models.Q(("state", "not-told"), ("until__isnull", False)), models.Q(("why", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="not_told_has_a_reason_and_an_end",
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
