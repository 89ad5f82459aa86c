"""Who oversees whom; the grants that a data protection officer oversees, and the reviews of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
-- The agencies of a data protection officer's own controller; none for everyone else.
CREATE FUNCTION oversight_agencies() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(one.id ORDER BY one.id), '{}')
      FROM access_agency mine JOIN access_agency one USING (controller_id)
     WHERE mine.id = access.my_agency()
       AND EXISTS (SELECT FROM access_roleholding WHERE worker_id = access.me() AND role IN ('dpo'))
$$;

CREATE FUNCTION oversight_controller() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT controller_id FROM access_agency WHERE id = (oversight_agencies())[1]
$$;
GRANT EXECUTE ON FUNCTION oversight_agencies(), oversight_controller() TO forebyg_web;

-- A view runs as its owner, so this condition is its guard.
CREATE VIEW oversight_grant WITH (security_barrier) AS
    SELECT g.id, g.matter_id, m.reference, g.worker_id, w.agency_id, g.participant IS NOT NULL AS in_part, g.reason, g.given_by_id,
           g.starts_at, g.ends_at, g.ended_at,
           EXISTS (SELECT FROM access_admission a
                    WHERE a.matter_id = g.matter_id AND a.agency_id = w.agency_id AND a.ended_at IS NULL) AS is_admitted
      FROM access_grant g JOIN access_worker w ON w.id = g.worker_id JOIN matters_matter m ON m.id = g.matter_id
     WHERE w.agency_id = ANY ((SELECT oversight_agencies())::uuid[]);
GRANT SELECT ON oversight_grant TO forebyg_web;
CREATE INDEX grant_not_ended ON access_grant (starts_at, id) WHERE ended_at IS NULL;

ALTER TABLE oversight_grantreview ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_own_controllers ON oversight_grantreview FOR SELECT TO forebyg_web
    USING (controller_id = (select oversight_controller()));
CREATE POLICY review_overseen ON oversight_grantreview FOR INSERT TO forebyg_web WITH CHECK (
    controller_id = (select oversight_controller()) AND reviewed_by_id = (select access.me())
    AND EXISTS (SELECT FROM oversight_grant o WHERE o.id = grant_id AND o.worker_id <> (select access.me())));
GRANT SELECT, INSERT ON oversight_grantreview TO forebyg_web;

-- Ask the agency of an overseen grant whether it is to end: a task of a fixed word for the agency. The task, or nothing.
CREATE FUNCTION oversight_ask_agency(asked_of uuid) RETURNS uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO cases_task (id, matter_id, owner_id, readers, about, author_id, root, version, is_current, happened_at,
                            recorded_at, kind, assigned_to_id, text)
    SELECT task, g.matter_id, o.agency_id, '{}', '{}', access.me(), task, 1, true, store.now(),
           store.now(), 'review-access', o.agency_id, ''
      FROM oversight_grant o JOIN access_grant g ON g.id = o.id, gen_random_uuid() AS task
     WHERE o.id = asked_of
    RETURNING root
$$;
GRANT EXECUTE ON FUNCTION oversight_ask_agency(uuid) TO forebyg_web;
"""

BACKWARD = """
DROP FUNCTION oversight_ask_agency(uuid);
DROP POLICY review_overseen ON oversight_grantreview;
DROP POLICY read_own_controllers ON oversight_grantreview;
DROP INDEX grant_not_ended;
DROP VIEW oversight_grant;
DROP FUNCTION oversight_controller();
DROP FUNCTION oversight_agencies();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0002_policies"), ("cases", "0003_jobs")]
    operations = [
        migrations.CreateModel(
            name="OverseenGrant",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("matter_id", models.UUIDField()),
                ("reference", models.CharField(max_length=12)),
                ("in_part", models.BooleanField(help_text="it covers one participant only")),
                ("reason", models.CharField(max_length=60)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("is_admitted", models.BooleanField(help_text="the worker's agency still takes part in the matter")),
            ],
            options={"db_table": "oversight_grant", "managed": False},
        ),
        migrations.CreateModel(
            name="GrantReview",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("reviewed_at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=8)),
                ("note", models.BinaryField()),
                (
                    "controller",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.controller"),
                ),
                (
                    "grant",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.grant"),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["grant", "reviewed_at"], name="review_of_grant")]},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
