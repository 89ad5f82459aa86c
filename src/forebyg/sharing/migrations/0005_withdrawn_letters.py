"""A letter is withdrawn, once, by a worker of the agency that wrote it. What was written stays as it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE POLICY change_own ON sharing_letter FOR UPDATE TO forebyg_web
    USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]) AND owner_id = (select access.my_agency()) AND withdrawn_at IS NULL)
    WITH CHECK (withdrawn_at IS NOT NULL AND withdrawn_by_id = (select access.me()));
GRANT UPDATE (withdrawn_at, withdrawn_by_id) ON sharing_letter TO forebyg_web;
"""
BACKWARD = """
DROP POLICY change_own ON sharing_letter;
REVOKE UPDATE (withdrawn_at, withdrawn_by_id) ON sharing_letter FROM forebyg_web;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0004_measures_and_contacts")]
    operations = [
        migrations.AddField(model_name="letter", name="withdrawn_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="letter",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="letter_withdrawn_by_somebody",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
