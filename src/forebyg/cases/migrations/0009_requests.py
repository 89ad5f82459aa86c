"""What a task is about, and when something was told on the telephone before it was recorded."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_disclosed_by_a_finding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="told_at",
            field=models.DateTimeField(help_text="when it was said on the telephone, if it was recorded afterwards", null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="concerns",
            field=models.UUIDField(help_text="root of the record it is about, never named in words", null=True),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(("told_at", None), ("told_at__lte", models.F("recorded_at")), _connector="OR"),
                name="told_before_it_was_recorded",
            ),
        ),
    ]
