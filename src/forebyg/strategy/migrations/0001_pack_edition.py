"""The editions of strategy packs. Who may read them, and that none ever changes."""

from django.db import migrations, models

FORWARD = """
GRANT SELECT ON strategy_packedition TO forebyg_web, forebyg_worker;
CREATE FUNCTION strategy_packedition_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a loaded pack edition never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER for_ever BEFORE UPDATE OR DELETE ON strategy_packedition
    FOR EACH ROW EXECUTE FUNCTION strategy_packedition_is_for_ever();
"""

BACKWARD = """
DROP TRIGGER for_ever ON strategy_packedition;
DROP FUNCTION strategy_packedition_is_for_ever();
REVOKE SELECT ON strategy_packedition FROM forebyg_web, forebyg_worker;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="PackEdition",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("pack_id", models.CharField(max_length=80)),
                ("version", models.CharField(max_length=40)),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(help_text="SHA-256 of the canonical JSON of the content", max_length=64)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["pack_id", "-loaded_at"], name="pack_newest")],
                "constraints": [models.UniqueConstraint(fields=("pack_id", "version"), name="pack_version_once")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
