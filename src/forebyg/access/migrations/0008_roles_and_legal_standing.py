"""Roles given and taken; an agency's legal standing, changed by two: who sets up proposes, who reviews the law accepts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_SET_ACTIVE = """CREATE OR REPLACE FUNCTION access.set_active(worker uuid, active boolean) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN%s
    IF NOT access.is_administered(worker) THEN
        RAISE EXCEPTION 'only an administrator of the unit suspends its accounts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE access_worker SET is_active = active WHERE id = worker AND is_active <> active;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF NOT active THEN
        PERFORM access.end_sessions_of(worker);
        UPDATE access_firstuselink SET ended_at = store.now() WHERE worker_id = worker AND used_at IS NULL AND ended_at IS NULL;
    END IF;
    RETURN true;
END $$;
"""
_ONE_AT_A_TIME = """
    PERFORM FROM access_unit u WHERE u.id = access.my_unit() FOR UPDATE;"""

FORWARD = f"""
-- One at a time, so that two administrators who put each other out at once do not leave a unit without any.
{_SET_ACTIVE % _ONE_AT_A_TIME}
-- Take a role from an account of the own unit: its sessions end at once, and each grant that hung on the role. Whether it was held.
CREATE FUNCTION access.take_role(worker uuid, taken text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    courses CONSTANT text[] := '{{mentor,coach}}';
    whole CONSTANT text[] := '{{secretariat,vink,ssp,dks,police,prison-service,specialist,ekp,ad-hoc,key-staff}}';
    held text[];
    gone record;
BEGIN{_ONE_AT_A_TIME}
    IF NOT access.is_administered(worker) OR access.oversees(worker) THEN
        RAISE EXCEPTION 'only an administrator of the unit takes roles, of others, and none of who oversees' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM access_roleholding r WHERE r.worker_id = worker AND r.role = taken;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT coalesce(array_agg(r.role::text), '{{}}') INTO held FROM access_roleholding r WHERE r.worker_id = worker;
    FOR gone IN
        UPDATE access_grant g SET ended_at = store.now()
         WHERE g.worker_id = worker AND g.ended_at IS NULL AND g.ends_at > store.now() AND (
               NOT held && (whole || courses)
            OR (g.reason = 'break-glass' AND NOT held && whole)
            OR (g.participant IS NOT NULL AND taken = ANY (courses) AND NOT held && courses))
        RETURNING g.id, g.matter_id
    LOOP
        INSERT INTO audit_event (id, at, worker_id, agency_id, action, matter_ids, record_ids, codes, reason)
        VALUES (gen_random_uuid(), store.now(), access.me(), access.my_agency(), 'access.ended', ARRAY[gone.matter_id], '{{}}',
                jsonb_build_object('grant', gone.id, 'roles', jsonb_build_array(taken)), '');
    END LOOP;
    PERFORM access.end_sessions_of(worker);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION access.take_role(uuid, text) TO forebyg_web;

-- What the law asks of an agency is changed by two: a proposal says what is to be so, and changes nothing by itself.
CREATE FUNCTION access.my_reviewed_unit() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.unit_id FROM access_worker w
    WHERE w.id = access.me() AND EXISTS (SELECT FROM access_roleholding r WHERE r.worker_id = w.id AND r.role IN ('legal-reviewer'))
$$;
ALTER TABLE access_legalstanding ADD CHECK (forums <@ ARRAY['ssp', 'psp', 'ksp']::varchar[]);
ALTER TABLE access_legalstanding ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_of_unit ON access_legalstanding FOR SELECT TO forebyg_web USING (
    access.is_seated(agency_id, (select access.my_administered_unit())) OR access.is_seated(agency_id, (select access.my_reviewed_unit())));
CREATE POLICY propose ON access_legalstanding FOR INSERT TO forebyg_web WITH CHECK (
    proposed_by_id = (select access.me()) AND access.is_seated(agency_id, (select access.my_administered_unit()))
    AND outcome = '' AND decided_by_id IS NULL AND decided_at IS NULL);
GRANT SELECT, INSERT ON access_legalstanding TO forebyg_web;

-- Accept or decline a proposal that somebody else made, as a legal reviewer of the unit; or take it back, as an administrator of it.
-- Only what is accepted changes the agency. Whether the proposal was still open.
CREATE FUNCTION access.decide_standing(proposal uuid, said text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one access_legalstanding;
BEGIN
    SELECT * INTO one FROM access_legalstanding s WHERE s.id = proposal FOR UPDATE;
    IF said IN ('accepted', 'declined') AND access.is_seated(one.agency_id, access.my_reviewed_unit()) AND one.proposed_by_id <> access.me()
       OR said = 'withdrawn' AND access.is_seated(one.agency_id, access.my_administered_unit()) THEN
        IF one.outcome <> '' THEN
            RETURN false;
        END IF;
        UPDATE access_legalstanding SET outcome = said, decided_by_id = access.me(), decided_at = store.now() WHERE id = proposal;
        IF said = 'accepted' THEN
            UPDATE access_agency SET forums = one.forums, has_public_task = one.has_public_task WHERE id = one.agency_id;
        END IF;
        RETURN true;
    END IF;
    RAISE EXCEPTION 'the legal standing of an agency is decided by a legal reviewer of the unit who did not propose it' USING ERRCODE = 'insufficient_privilege';
END $$;
GRANT EXECUTE ON FUNCTION access.my_reviewed_unit(), access.decide_standing(uuid, text) TO forebyg_web;
"""  # noqa: S608  # all of it is ours

BACKWARD = f"""
DROP FUNCTION access.decide_standing(uuid, text);
DROP POLICY read_of_unit ON access_legalstanding;
DROP POLICY propose ON access_legalstanding;
DROP FUNCTION access.my_reviewed_unit();
DROP FUNCTION access.take_role(uuid, text);
{_SET_ACTIVE % ""}"""

_KEPT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("access", "0007_break_glass")]
    operations = [
        migrations.CreateModel(
            name="LegalStanding",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "forums",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3), blank=True, default=list, size=None
                    ),
                ),
                ("has_public_task", models.BooleanField(null=True)),
                ("reason", models.BinaryField()),
                ("proposed_at", models.DateTimeField()),
                ("outcome", models.CharField(blank=True, max_length=9)),
                ("decided_at", models.DateTimeField(null=True)),
                ("agency", models.ForeignKey(on_delete=_KEPT, related_name="standings", to="access.agency")),
                ("decided_by", models.ForeignKey(null=True, on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("proposed_by", models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")), fields=("agency",), name="one_open_legal_standing_per_agency"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
