"""Fixed words more: a consent on the timeline, and tasks when somebody turns 18."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_task_review_access")]
    operations = [
        migrations.AlterField(
            model_name="timelineentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("concern", "Henvendelse modtaget"),
                    ("participant", "Person tilføjet"),
                    ("item", "Oplysning"),
                    ("qualification", "Kvalificering"),
                    ("assessment", "Vurdering"),
                    ("decision", "Beslutning"),
                    ("meeting", "Møde"),
                    ("offer", "Tilbud"),
                    ("answer", "Svar på tilbud"),
                    ("course", "Forløb begyndt"),
                    ("course-event", "Forløb"),
                    ("alarm", "Alarm"),
                    ("alarm-end", "Alarm afsluttet"),
                    ("disclosure", "Videregivelse"),
                    ("journal", "Journal"),
                    ("consent", "Samtykke"),
                ],
                max_length=16,
            ),
        ),
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
                    ("turns-18-soon", "En person i sagen fylder snart 18 år: forbered, at reglerne skifter"),
                    ("turned-18", "En person i sagen er fyldt 18 år: borgeren svarer nu selv"),
                ],
                max_length=20,
            ),
        ),
    ]
