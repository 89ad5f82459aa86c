"""One more fixed word for a task: somebody has broken the glass of the matter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_words_of_requests")]
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
                    ("corrected-earlier", "En oplysning, I tidligere har fået, er rettet: spørg den, der gav den"),
                    ("disclosure-gone", "En oplysning, I har fået, er trukket tilbage: brug den ikke længere"),
                    ("answer-request", "Svar på en anmodning fra en anden myndighed"),
                    ("request-answered", "En anmodning fra jer er besvaret"),
                    ("request-gone", "En anmodning til jer er trukket tilbage"),
                    ("turns-18-soon", "En person i sagen fylder snart 18 år: forbered, at reglerne skifter"),
                    ("turned-18", "En person i sagen er fyldt 18 år: borgeren svarer nu selv"),
                    ("break-glass", "En medarbejder har brugt nødadgang til sagen"),
                ],
                max_length=20,
            ),
        )
    ]
