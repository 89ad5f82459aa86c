"""Concerns and their reporters are records; a reporter's identity has its own."""

from django.db import migrations

FORWARD = """
SELECT access.guard_record('intake_concern');
SELECT access.guard_record('intake_reporteridentity', can_be_disclosed => false);
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_concern"), ("access", "0002_policies")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
