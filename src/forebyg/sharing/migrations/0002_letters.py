"""Letters to those outside the agencies: a record like others, behind the same last door as a disclosure."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
SELECT access.guard_record('sharing_letter', can_be_disclosed => false);
ALTER TABLE sharing_letter ADD CONSTRAINT letter_by_a_finding CHECK (cases_carries(finding)), ADD CHECK (version = 1);
CREATE TRIGGER check_letter BEFORE INSERT ON sharing_letter FOR EACH ROW EXECUTE FUNCTION sharing_check_disclosure();
"""
BACKWARD = "DELETE FROM access_record_table WHERE name = 'sharing_letter'"


def _to(model: str) -> models.Field:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_sign_offs_and_doubts")]
    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("key_id", models.UUIDField(editable=False, null=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, editable=False, size=None
                    ),
                ),
                ("about", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ("root", models.UUIDField(editable=False)),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("is_current", models.BooleanField(default=True, editable=False)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recipient", models.UUIDField(help_text="the participant who is written to")),
                ("recipient_is", models.CharField(max_length=12)),
                (
                    "records",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, help_text="roots of what is told", size=None
                    ),
                ),
                ("finding", models.JSONField(help_text="the law's finding and the purpose, as it allowed the letter")),
                ("necessity", models.BinaryField()),
                ("text", models.BinaryField(help_text="the letter")),
                ("author", _to(settings.AUTH_USER_MODEL)),
                ("matter", _to("matters.matter")),
                ("owner", _to("access.agency")),
            ],
            options={"abstract": False},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
