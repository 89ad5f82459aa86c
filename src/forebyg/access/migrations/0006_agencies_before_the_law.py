"""What the law asks of an agency beside its kind: the cooperations it takes part in, and whether it has a public task."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0005_special_lock")]
    operations = [
        migrations.AddField(
            model_name="agency",
            name="forums",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3),
                default=list,
                help_text="the legal cooperations that it takes part in: ssp, psp, ksp",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="agency",
            name="has_public_task",
            field=models.BooleanField(
                help_text="of mentors, coaches and institutions: whether they act for their controller; empty is not known",
                null=True,
            ),
        ),
    ]
