"""One more fixed word for a task: a data protection officer asks the agency about an access."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_jobs")]
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
                ],
                max_length=20,
            ),
        )
    ]
