"""Who signs off the law does it for every unit of the installation, so the operator alone makes that account, too."""

from django.db import migrations


def _sql(roles: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION access.oversees(worker uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_roleholding r WHERE r.worker_id = worker AND r.role IN ({roles}))
$$;
ALTER POLICY give ON access_roleholding WITH CHECK (
    access.is_administered(worker_id) AND role NOT IN ({roles}) AND NOT access.oversees(worker_id));
"""  # noqa: S608  # all of it is ours


class Migration(migrations.Migration):
    dependencies = [("access", "0009_given_for_something")]
    operations = [migrations.RunSQL(_sql("'dpo', 'legal-reviewer'"), _sql("'dpo'"))]
