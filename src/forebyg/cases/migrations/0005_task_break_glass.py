"""One more fixed word for a task: somebody has broken the glass of the matter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_task_review_access")]
    operations = [
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("do", "Opgave"),
                    ("step", "Sagens næste trin"),
                    ("read-correction", "En oplysning, I har fået, er rettet: læs den igen"),
                    ("take-responsibility", "Påtag jer ansvaret"),
                    ("explain-breach", "Fristen er overskredet: handl eller begrund"),
                    ("contact", "Kontakt den, der leder sagen"),
                    ("review-access", "Databeskyttelsesrådgiveren beder jer tage stilling til en adgang"),
                    ("break-glass", "En medarbejder har brugt nødadgang til sagen"),
                ],
                max_length=20,
            ),
        )
    ]
