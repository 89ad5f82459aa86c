"""A specially locked case is on no board but that of a worker who is named (B-026)."""

from django.db import migrations

FORWARD = """
ALTER POLICY read_board ON cases_case
    USING (unit_id = ANY ((select access.my_board_units())::uuid[]) AND matter_id <> ALL ((select access.locked_matters())::uuid[]));
ALTER POLICY read_board ON cases_casemove
    USING (unit_id = ANY ((select access.my_board_units())::uuid[]) AND matter_id <> ALL ((select access.locked_matters())::uuid[]));
ALTER POLICY read_board ON cases_clock
    USING (rule = 'triage' AND unit_id = ANY ((select access.my_board_units())::uuid[])
           AND matter_id <> ALL ((select access.locked_matters())::uuid[]));
"""

BACKWARD = """
ALTER POLICY read_board ON cases_case USING (unit_id = ANY ((select access.my_board_units())::uuid[]));
ALTER POLICY read_board ON cases_casemove USING (unit_id = ANY ((select access.my_board_units())::uuid[]));
ALTER POLICY read_board ON cases_clock
    USING (rule = 'triage' AND unit_id = ANY ((select access.my_board_units())::uuid[]));
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_turning_18"), ("access", "0005_special_lock")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
