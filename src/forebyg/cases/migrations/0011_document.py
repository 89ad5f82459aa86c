"""Documents: a kind of record, and their line on the timeline. The content lies sealed beside the database."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_break_glass"),
        ("cases", "0009_requests"),
        ("matters", "0001_matter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
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
                ("kind", models.CharField(max_length=8)),
                ("name", models.BinaryField(help_text="the file's name: it often tells of a person")),
                ("size", models.PositiveBigIntegerField(help_text="bytes of the content")),
                ("pages", models.PositiveIntegerField(default=0, help_text="pages of a PDF that can be shown")),
                ("content", models.UUIDField()),
                ("item", models.UUIDField(help_text="root of the item that it belongs to", null=True)),
                ("is_scanned", models.BooleanField(default=False, help_text="a malware scanner has looked at it")),
                ("forum", models.CharField(default="own", max_length=8)),
                ("not_for_investigation", models.BooleanField(default=False)),
                ("text", models.BinaryField(help_text="what it shows, in a few words")),
                ("correction_reason", models.BinaryField()),
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
                            ("not_for_investigation", True),
                            models.Q(("forum__in", ["ssp", "psp", "ksp"]), _negated=True),
                            _connector="OR",
                        ),
                        name="forum_document_is_not_for_investigation",
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="document_is_not_empty"),
                ],
            },
        ),
        migrations.RunSQL("SELECT access.guard_record('cases_document')", migrations.RunSQL.noop),
    ]
