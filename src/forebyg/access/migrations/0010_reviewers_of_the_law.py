"""Who signs off the law does it for every unit of the installation, so the operator alone makes that account, too."""

from django.db import migrations


def _sql(*roles: str) -> str:
    """The roles stand as an array of text, which PostgreSQL writes back as it stands: a restored policy is compared by its words."""
    theirs = f"'{{{','.join(roles)}}}'::text[]"
    return f"""
CREATE OR REPLACE FUNCTION access.oversees(worker uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_roleholding r WHERE r.worker_id = worker AND r.role::text = ANY ({theirs}))
$$;
ALTER POLICY give ON access_roleholding WITH CHECK (
    access.is_administered(worker_id) AND role::text <> ALL ({theirs}) AND NOT access.oversees(worker_id));
"""  # noqa: S608  # all of it is ours


class Migration(migrations.Migration):
    dependencies = [("access", "0009_given_for_something")]
    operations = [migrations.RunSQL(_sql("dpo", "legal-reviewer"), _sql("dpo"))]
