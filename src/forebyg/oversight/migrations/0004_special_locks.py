"""A data protection officer sees which matters of overseen workers are specially locked; why is sealed in the ledger (B-026)."""

from django.db import migrations

FORWARD = """
CREATE POLICY read_overseen ON access_speciallock FOR SELECT TO forebyg_web
    USING (EXISTS (SELECT FROM oversight_grant o WHERE o.matter_id = access_speciallock.matter_id));
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0003_unusual"), ("access", "0005_special_lock")]
    operations = [migrations.RunSQL(FORWARD, "DROP POLICY read_overseen ON access_speciallock")]
