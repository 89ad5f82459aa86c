"""Sign-offs, clarifications and doubts: what stops or carries a disclosure, in PostgreSQL too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION sharing_reviews_law() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_roleholding WHERE worker_id = access.me() AND role IN ('legal-reviewer'))
$$;
GRANT EXECUTE ON FUNCTION sharing_reviews_law() TO forebyg_web;

ALTER TABLE sharing_signoff ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_all ON sharing_signoff FOR SELECT TO forebyg_web USING (true);
CREATE POLICY sign ON sharing_signoff FOR INSERT TO forebyg_web WITH CHECK (
    worker_id = (select access.me()) AND (select sharing_reviews_law())
    AND name = (SELECT w.name FROM access_worker w WHERE w.id = worker_id));
GRANT SELECT, INSERT ON sharing_signoff TO forebyg_web;

ALTER TABLE sharing_clarification ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_all ON sharing_clarification FOR SELECT TO forebyg_web USING (true);
CREATE POLICY clarify ON sharing_clarification FOR INSERT TO forebyg_web WITH CHECK (
    worker_id = (select access.me()) AND (select sharing_reviews_law()));
GRANT SELECT, INSERT ON sharing_clarification TO forebyg_web;

-- A doubt is raised and clarified by those who have the whole matter; the others learn that there is one (below).
ALTER TABLE sharing_doubt ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_whole ON sharing_doubt FOR SELECT TO forebyg_web USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]));
CREATE POLICY raise_whole ON sharing_doubt FOR INSERT TO forebyg_web WITH CHECK (
    matter_id = ANY ((select access.my_whole_matters())::uuid[])
    AND worker_id = (select access.me()) AND agency_id = (select access.my_agency()));
GRANT SELECT, INSERT ON sharing_doubt TO forebyg_web;
ALTER TABLE sharing_doubtclarified ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_whole ON sharing_doubtclarified FOR SELECT TO forebyg_web USING (matter_id = ANY ((select access.my_whole_matters())::uuid[]));
CREATE POLICY clarify_whole ON sharing_doubtclarified FOR INSERT TO forebyg_web WITH CHECK (
    matter_id = ANY ((select access.my_whole_matters())::uuid[])
    AND worker_id = (select access.me()) AND agency_id = (select access.my_agency())
    AND EXISTS (SELECT FROM sharing_doubt d WHERE d.id = doubt_id AND d.matter_id = sharing_doubtclarified.matter_id));
GRANT SELECT, INSERT ON sharing_doubtclarified TO forebyg_web;

-- Whether a doubt stops sharing in a matter: yes or no, nothing else.
CREATE FUNCTION sharing_is_in_doubt(target uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM sharing_doubt d WHERE d.matter_id = target AND NOT EXISTS (
        SELECT FROM sharing_doubtclarified c WHERE c.doubt_id = d.id AND c.is_in_favour))
$$;
GRANT EXECUTE ON FUNCTION sharing_is_in_doubt(uuid) TO forebyg_web;

-- The newest word on this very content of a provision is that it may be used (B-028).
CREATE FUNCTION sharing_is_signed(in_pack text, wanted text, content text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT is_signed FROM sharing_signoff
                      WHERE pack = in_pack AND provision = wanted AND version = content ORDER BY at DESC, id DESC LIMIT 1), false)
$$;

-- The last door: no doubt in the matter, and every provision that carries the disclosure is signed off.
CREATE FUNCTION sharing_check_disclosure() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF sharing_is_in_doubt(NEW.matter_id) THEN
        RAISE EXCEPTION 'a legal doubt stops sharing in the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF cases_carries(NEW.finding) AND (
        SELECT count(*) FROM jsonb_array_elements(NEW.finding -> 'bases') AS b
         WHERE NEW.finding -> 'by' ? (b ->> 'provision') AND sharing_is_signed(b ->> 'pack', b ->> 'provision', b ->> 'version')
       ) < jsonb_array_length(NEW.finding -> 'by') THEN
        RAISE EXCEPTION 'a provision that carries the disclosure is not signed off' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_disclosure BEFORE INSERT ON cases_disclosure FOR EACH ROW EXECUTE FUNCTION sharing_check_disclosure();

-- Admission names a person to an agency. The first agency of a new matter is one's own.
CREATE FUNCTION sharing_check_admission() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF sharing_is_in_doubt(NEW.matter_id) THEN
        RAISE EXCEPTION 'a legal doubt stops sharing in the matter' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_doubt BEFORE INSERT ON access_admission FOR EACH ROW EXECUTE FUNCTION sharing_check_admission();
"""

BACKWARD = """
DROP FUNCTION sharing_check_admission() CASCADE;
DROP FUNCTION sharing_check_disclosure() CASCADE;
DROP FUNCTION sharing_is_signed(text, text, text);
DROP FUNCTION sharing_is_in_doubt(uuid);
DROP POLICY sign ON sharing_signoff;
DROP POLICY clarify ON sharing_clarification;
DROP FUNCTION sharing_reviews_law();
"""


def _of_worker(name: str = "worker") -> tuple[str, models.Field]:
    key = models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)
    return name, key


def _to(name: str, model: str, related_name: str = "+") -> tuple[str, models.Field]:
    return name, models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model)


def _sealed_row() -> list[tuple[str, models.Field]]:
    return [
        ("key_id", models.UUIDField(editable=False, null=True)),
        ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
        ("at", models.DateTimeField()),
    ]


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("access", "0006_agencies_before_the_law"),
        ("cases", "0008_disclosed_by_a_finding"),
        ("matters", "0001_matter"),
    ]
    operations = [
        migrations.CreateModel(
            name="SignOff",
            fields=[
                *_sealed_row(),
                ("pack", models.CharField(max_length=80)),
                ("provision", models.CharField(max_length=80)),
                ("version", models.CharField(max_length=64)),
                ("is_signed", models.BooleanField(help_text="false takes an earlier sign-off back")),
                (
                    "name",
                    models.CharField(
                        help_text="the name that stands under it; an account may be renamed later", max_length=120
                    ),
                ),
                ("note", models.BinaryField(help_text="what was looked at, or why it is taken back")),
                _of_worker(),
            ],
            options={"indexes": [models.Index(fields=["pack", "provision", "at"], name="sign_off_of_provision")]},
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                *_sealed_row(),
                ("doubt", models.CharField(help_text="id of the doubt in the law pack", max_length=80)),
                ("is_in_favour", models.BooleanField()),
                ("clarified_on", models.DateField()),
                ("clarified_by", models.BinaryField(help_text="who clarified it: a person and a body")),
                ("text", models.BinaryField()),
                _of_worker(),
            ],
            options={"indexes": [models.Index(fields=["doubt", "at"], name="clarification_of_doubt")]},
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                *_sealed_row(),
                ("text", models.BinaryField(help_text="the legal question, without anything about a person")),
                _to("matter", "matters.matter"),
                _to("agency", "access.agency"),
                _of_worker(),
            ],
            options={"indexes": [models.Index(fields=["matter"], name="doubt_in_matter")]},
        ),
        migrations.CreateModel(
            name="DoubtClarified",
            fields=[
                *_sealed_row(),
                ("is_in_favour", models.BooleanField()),
                ("clarified_on", models.DateField()),
                ("clarified_by", models.BinaryField(help_text="who clarified it: a person and a body")),
                ("text", models.BinaryField()),
                _to("doubt", "sharing.doubt", "answers"),
                _to("matter", "matters.matter"),
                _to("agency", "access.agency"),
                _of_worker(),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
