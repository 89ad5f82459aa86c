"""Mails to a worker: about the own account, and that something waits. They name nobody and hold no case, no address and no link."""

from __future__ import annotations

from django.core.mail import send_mail
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forebyg.access.models import Worker


class Notice(models.TextChoices):
    """What a mail tells of. The label is its first line."""

    NEW_BROWSER = "new-browser", gettext_lazy("Der er logget på din konto fra en browser, vi ikke har set før.")
    PASSWORD_CHANGED = "password-changed", gettext_lazy("Adgangskoden til din konto er skiftet.")
    FACTOR_ADDED = "factor-added", gettext_lazy("Der er sat en ny app eller adgangsnøgle op på din konto.")
    FACTOR_REMOVED = "factor-removed", gettext_lazy("En app eller adgangsnøgle er fjernet fra din konto.")
    FACTOR_FAILED = (
        "factor-failed",
        gettext_lazy("Nogen har skrevet adgangskoden til din konto rigtigt, men koden eller adgangsnøglen var forkert."),
    )
    CODES_RENEWED = "codes-renewed", gettext_lazy("Der er lavet nye reservekoder til din konto.")
    LINK_USED = "link-used", gettext_lazy("Et link til første brug af din konto er blevet brugt.")
    ROLES_CHANGED = "roles-changed", gettext_lazy("Dine roller i Forebyg er ændret.")
    ACCESS_ENDED = "access-ended", gettext_lazy("Tilsynet har lukket en af dine adgange til en sag.")
    GLASS_UNREVIEWED = "glass-unreviewed", gettext_lazy("En nødadgang er ikke gennemgået inden fristen.")
    GLASS_BROKEN = "glass-broken", gettext_lazy("Der er brugt nødadgang til en sag, som du skal holde øje med.")


def tell_worker(worker: Worker, notice: Notice) -> None:
    """Send the notice once this transaction has committed, in the language of the page. The job holds an id and two words."""
    from forebyg.access.jobs import send_notice

    send_notice.defer(worker_id=str(worker.pk), notice=notice.value, language=translation.get_language())


def mail_notice(address: str, notice: Notice, language: str) -> None:
    """Send the mail itself. Raises `OSError` or `SMTPException` when the mail server does not take it."""
    with translation.override(language):
        if notice in (Notice.GLASS_BROKEN, Notice.GLASS_UNREVIEWED):
            subject, what_now = _("Nødadgang i Forebyg"), _("Log ind i Forebyg, og se efter med det samme.")
        elif notice is Notice.ACCESS_ENDED:
            subject = _("Om din konto i Forebyg")
            what_now = _("Har du stadig brug for adgangen, så tal med dem, der leder sagen.")
        elif notice is Notice.ROLES_CHANGED:
            subject = _("Om din konto i Forebyg")
            what_now = _("Dine roller står på siden »Min konto«. Er noget forkert, så kontakt jeres administrator.")
        else:
            subject = _("Om din konto i Forebyg")
            what_now = _(
                "Var det dig selv, skal du ikke gøre noget.\n"
                "Var det ikke dig, så skift din adgangskode med det samme, log alle andre af på siden »Min konto«, "
                "og kontakt jeres administrator."
            )
        automatic = _("Mailen er sendt automatisk. Der er med vilje intet link i den.")
        send_mail(subject, f"{notice.label}\n\n{what_now}\n\n{automatic}", None, [address])
