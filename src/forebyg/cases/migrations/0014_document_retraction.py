"""A document that was laid in the wrong case is taken out as an item is: a note is left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_plan")]
    operations = [
        migrations.AddField(
            model_name="document",
            name="retraction",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
    ]
