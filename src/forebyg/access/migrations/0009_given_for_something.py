"""A grant that was given for a task or a request, an admission that was made for a request, and reminders of a late review."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0008_roles_and_legal_standing")]
    operations = [
        migrations.AddField(
            model_name="grant",
            name="given_for",
            field=models.UUIDField(help_text="root of the task or the request that it ends with; empty: none", null=True),
        ),
        migrations.AddField(
            model_name="admission",
            name="given_for",
            field=models.UUIDField(
                help_text="root of the request that alone made it: it ends when nothing is left of that", null=True
            ),
        ),
        migrations.AddField(
            model_name="breakglass",
            name="reminded_at",
            field=models.DateTimeField(help_text="when the overseers were last told that the review is late", null=True),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("given_for__isnull", False)),
                fields=["given_for"],
                name="grant_given_for",
            ),
        ),
    ]
