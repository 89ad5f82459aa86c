"""A consent to share may also name a participant: the parent whom someone of age wants to be involved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_merges"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="recipient",
            field=models.UUIDField(
                help_text="to share with: an agency or a participant, or empty for all named in the text", null=True
            ),
        ),
    ]
