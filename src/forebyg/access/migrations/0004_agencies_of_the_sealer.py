"""The ledger's sealer puts tree heads into each agency's outbox, so it may know which agencies there are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("access", "0003_sign_in"), ("audit", "0003_seal")]
    operations = [
        migrations.RunSQL(
            "GRANT SELECT (id) ON access_agency TO forebyg_sealer", "REVOKE SELECT (id) ON access_agency FROM forebyg_sealer"
        )
    ]
