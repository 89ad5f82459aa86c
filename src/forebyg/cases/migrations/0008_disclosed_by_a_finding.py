"""Nothing is disclosed without a finding of the law that allows it and names its provision (R-080).

What was disclosed before there was a gate keeps the basis that was chosen by hand, and can only be withdrawn.
"""

from django.db import migrations, models

FORWARD = """
UPDATE cases_disclosure SET finding = jsonb_build_object(
    'outcome', 'by-hand', 'by', jsonb_build_array(finding -> 'basis'), 'bases', '[]'::jsonb, 'marks',
    CASE WHEN finding ->> 'forum' IN ('ssp', 'psp', 'ksp')
         THEN jsonb_build_array('not-for-investigation', 'forum:' || (finding ->> 'forum')) ELSE '[]'::jsonb END)
 WHERE finding ? 'basis';
CREATE FUNCTION cases_carries(finding jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(finding ->> 'outcome' = 'allowed' AND jsonb_typeof(finding -> 'by') = 'array'
                    AND jsonb_array_length(finding -> 'by') > 0 AND finding ->> 'purpose' <> 'investigation', false)
$$;
GRANT EXECUTE ON FUNCTION cases_carries(jsonb) TO forebyg_web;
ALTER TABLE cases_disclosure ADD CONSTRAINT disclosed_by_a_finding
    CHECK (withdrawn_at IS NOT NULL OR cases_carries(finding)) NOT VALID;
"""

BACKWARD = """
ALTER TABLE cases_disclosure DROP CONSTRAINT disclosed_by_a_finding;
DROP FUNCTION cases_carries(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_locked_cases_are_on_no_board")]
    operations = [
        migrations.AlterField(
            model_name="disclosure",
            name="finding",
            field=models.JSONField(help_text="the law's finding and the purpose, as it allowed the disclosure"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
