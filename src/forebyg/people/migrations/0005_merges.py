"""Two participants that are one person: proposed by one worker, reviewed by another, undone as well; nothing hidden is told.

A merge changes which `citizen` participants carry, nothing else: no matter is opened by it, and no record moves. Which rows were
changed stands in a table that only the owner reads, for some may lie in matters that neither worker knows.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TABLE people_merged (
    merge_id uuid NOT NULL REFERENCES people_merge (id),
    root uuid NOT NULL,
    PRIMARY KEY (merge_id, root)
);

-- A proposal is made by one who sees both persons, who are not one already.
CREATE FUNCTION people_check_proposal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT citizen, matter_id INTO NEW.kept, NEW.matter_one_id FROM people_participant WHERE root = NEW.person_one AND is_current;
    SELECT citizen, matter_id INTO NEW.given_up, NEW.matter_two_id FROM people_participant WHERE root = NEW.person_two AND is_current;
    IF NEW.kept IS NULL OR NEW.given_up IS NULL OR NEW.kept = NEW.given_up THEN
        RAISE EXCEPTION 'these are not two persons' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_proposal BEFORE INSERT ON people_merge FOR EACH ROW EXECUTE FUNCTION people_check_proposal();

-- Reviewed once, by somebody else; undone once, as long as no later merge rests on it.
CREATE FUNCTION people_follow_review() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.outcome = '' AND NEW.outcome IN ('accepted', 'declined') AND NEW.undone_at IS NULL THEN
        IF NEW.reviewed_by_id IS DISTINCT FROM access.me() OR NEW.reviewed_by_id = OLD.proposed_by_id OR NEW.reviewed_at IS NULL THEN
            RAISE EXCEPTION 'a proposal is reviewed by another than the one who made it' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.outcome = 'accepted' THEN
            IF NOT EXISTS (SELECT FROM people_participant WHERE root = OLD.person_one AND is_current AND citizen = OLD.kept)
               OR NOT EXISTS (SELECT FROM people_participant WHERE root = OLD.person_two AND is_current AND citizen = OLD.given_up) THEN
                RAISE EXCEPTION 'the persons are not what they were' USING ERRCODE = 'serialization_failure';
            END IF;
            INSERT INTO people_merged SELECT DISTINCT OLD.id, root FROM people_participant WHERE citizen = OLD.given_up;
            UPDATE people_participant SET citizen = OLD.kept WHERE citizen = OLD.given_up;
        END IF;
    ELSIF OLD.outcome = 'accepted' AND NEW.outcome = 'accepted' AND OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL THEN
        IF NEW.undone_by_id IS DISTINCT FROM access.me() OR (NEW.reviewed_by_id, NEW.reviewed_at) IS DISTINCT FROM (OLD.reviewed_by_id, OLD.reviewed_at) THEN
            RAISE EXCEPTION 'a merge is undone by the one who acts' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF EXISTS (SELECT FROM people_participant p JOIN people_merged m ON m.root = p.root
                    WHERE m.merge_id = OLD.id AND p.citizen <> OLD.kept) THEN
            RAISE EXCEPTION 'a later merge rests on this one' USING ERRCODE = 'serialization_failure';
        END IF;
        UPDATE people_participant SET citizen = OLD.given_up WHERE root IN (SELECT root FROM people_merged WHERE merge_id = OLD.id);
    ELSE
        RAISE EXCEPTION 'no such change of a merge' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_review BEFORE UPDATE ON people_merge FOR EACH ROW EXECUTE FUNCTION people_follow_review();

-- A new version of a participant is the same person, whatever it says; only a merge changes that.
CREATE FUNCTION people_stay_the_same() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT citizen INTO NEW.citizen FROM people_participant WHERE root = NEW.root AND version = NEW.version - 1;
    RETURN NEW;
END $$;
CREATE TRIGGER stay_the_same BEFORE INSERT ON people_participant FOR EACH ROW WHEN (NEW.version > 1)
    EXECUTE FUNCTION people_stay_the_same();

-- The policies of the persons decide who sees a proposal: it takes both.
ALTER TABLE people_merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_both ON people_merge FOR SELECT TO forebyg_web USING (
    EXISTS (SELECT FROM people_participant p WHERE p.root = person_one AND p.is_current)
    AND EXISTS (SELECT FROM people_participant p WHERE p.root = person_two AND p.is_current));
CREATE POLICY propose ON people_merge FOR INSERT TO forebyg_web WITH CHECK (
    proposed_by_id = (select access.me()) AND outcome = '' AND reviewed_by_id IS NULL AND undone_by_id IS NULL
    AND matter_one_id = ANY ((select access.my_whole_matters())::uuid[]) AND matter_two_id = ANY ((select access.my_whole_matters())::uuid[])
    AND EXISTS (SELECT FROM people_participant p WHERE p.root = person_one AND p.is_current)
    AND EXISTS (SELECT FROM people_participant p WHERE p.root = person_two AND p.is_current));
CREATE POLICY review ON people_merge FOR UPDATE TO forebyg_web USING (
    matter_one_id = ANY ((select access.my_whole_matters())::uuid[]) AND matter_two_id = ANY ((select access.my_whole_matters())::uuid[])
    AND EXISTS (SELECT FROM people_participant p WHERE p.root = person_one AND p.is_current)
    AND EXISTS (SELECT FROM people_participant p WHERE p.root = person_two AND p.is_current));
GRANT SELECT, INSERT, UPDATE (outcome, reviewed_by_id, reviewed_at, undone_by_id, undone_at) ON people_merge TO forebyg_web;
CREATE UNIQUE INDEX merge_proposed_once ON people_merge (least(person_one, person_two), greatest(person_one, person_two)) WHERE outcome = '';
CREATE INDEX participant_citizen ON people_participant (citizen) WHERE is_current;
"""

BACKWARD = """
DROP INDEX participant_citizen;
DROP INDEX merge_proposed_once;
DROP POLICY read_both ON people_merge;
DROP POLICY propose ON people_merge;
DROP POLICY review ON people_merge;
DROP TRIGGER stay_the_same ON people_participant;
DROP FUNCTION people_stay_the_same();
DROP TRIGGER follow_review ON people_merge;
DROP FUNCTION people_follow_review();
DROP TRIGGER check_proposal ON people_merge;
DROP FUNCTION people_check_proposal();
DROP TABLE people_merged;
"""

_KEPT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_information"),
        ("access", "0002_policies"),
        ("cases", "0002_protection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("person_one", models.UUIDField()),
                ("person_two", models.UUIDField()),
                ("kept", models.UUIDField(editable=False, null=True)),
                ("given_up", models.UUIDField(editable=False, null=True)),
                ("why", models.BinaryField()),
                ("proposed_at", models.DateTimeField()),
                ("outcome", models.CharField(blank=True, max_length=8)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("matter_one", models.ForeignKey(on_delete=_KEPT, related_name="+", to="matters.matter")),
                ("matter_two", models.ForeignKey(on_delete=_KEPT, related_name="+", to="matters.matter")),
                ("proposed_by", models.ForeignKey(on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("reviewed_by", models.ForeignKey(null=True, on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("undone_by", models.ForeignKey(null=True, on_delete=_KEPT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person_one", models.F("person_two")), _negated=True), name="merge_is_of_two"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
