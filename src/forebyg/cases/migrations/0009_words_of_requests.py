"""Fixed words for requests, notices of corrections and withdrawals, and what was told on the telephone before it was recorded."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_disclosed_by_a_finding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="told_at",
            field=models.DateTimeField(help_text="when it was said on the telephone, if it was recorded afterwards", null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="concerns",
            field=models.UUIDField(help_text="root of the record it is about, never named in words", null=True),
        ),
        migrations.AlterField(
            model_name="clock",
            name="rule",
            field=models.CharField(
                choices=[
                    ("triage", "Visitation"),
                    ("re-offer", "Nyt tilbud efter afslag"),
                    ("outcome-6-months", "Status 6 måneder efter forløbet"),
                    ("occupation-12-months", "Uddannelse eller job inden 12 måneder"),
                    ("request-answer", "Svar på en anmodning"),
                ],
                max_length=20,
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
                    ("corrected-earlier", "En oplysning, I tidligere har fået, er rettet: spørg den, der gav den"),
                    ("disclosure-gone", "En oplysning, I har fået, er trukket tilbage: brug den ikke længere"),
                    ("answer-request", "Svar på en anmodning fra en anden myndighed"),
                    ("request-answered", "En anmodning fra jer er besvaret"),
                    ("request-gone", "En anmodning til jer er trukket tilbage"),
                    ("turns-18-soon", "En person i sagen fylder snart 18 år: forbered, at reglerne skifter"),
                    ("turned-18", "En person i sagen er fyldt 18 år: borgeren svarer nu selv"),
                ],
                max_length=20,
            ),
        ),
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
                    ("request", "Anmodning om oplysninger"),
                    ("request-answer", "Svar på en anmodning"),
                    ("consent", "Samtykke"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(("told_at", None), ("told_at__lte", models.F("recorded_at")), _connector="OR"),
                name="told_before_it_was_recorded",
            ),
        ),
    ]
