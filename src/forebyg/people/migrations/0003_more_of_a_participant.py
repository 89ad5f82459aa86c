"""What the forums of the law ask of a person, the interpreter, and a mark of protection."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_consents")]
    operations = [
        migrations.AddField(
            model_name="participant",
            name="custody_status",
            field=models.CharField(
                blank=True, default="", help_text="what the forums of the law ask for; empty when not known", max_length=16
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="participant",
            name="exposed",
            field=models.BooleanField(
                help_text="socially exposed, as the forums of the law ask; empty when not known", null=True
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="interpreter",
            field=models.BinaryField(help_text="the language of an interpreter, when one is needed", null=True),
        ),
        migrations.AddField(
            model_name="participant",
            name="protected_address",
            field=models.BooleanField(default=False, help_text="name and address protection: no whereabouts are told"),
        ),
    ]
