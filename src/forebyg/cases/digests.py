"""Mails with the numbers of the own inbox: whether a worker wants them, and what they say (B-012). They name nobody and no case."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.audit.record import record
from forebyg.cases.models import Digest
from forebyg.cases.queries import require
from forebyg.cases.rules import check_choice


def rhythm_of(worker: Worker) -> str:
    """How often the worker wants a mail; empty for never."""
    found: str | None = Digest.objects.filter(worker=worker).values_list("rhythm", flat=True).first()
    return found or ""


def choose_digest(*, worker: Worker, rhythm: str, language: str, now: datetime.datetime) -> None:
    """Want mails from now on, daily or weekly and in this language, or none. Raises `NotAChoice`."""
    require(worker, Permission.SEE_CASES)
    check_choice(rhythm, ["", *Digest.Rhythm.values])
    before = Digest.objects.filter(worker=worker)
    sent_on = before.values_list("sent_on", flat=True).first()
    before.delete()
    if rhythm:
        Digest(worker=worker, rhythm=rhythm, language=language[:2], sent_on=sent_on).save(force_insert=True)
    record("digest-chosen", actor=worker, at=now, codes={"rhythm": rhythm})


def mail_digest(address: str, *, overdue: int, soon: int, language: str) -> None:
    """Send the mail itself. Raises `OSError` or `SMTPException` when the mail server does not take it."""
    with translation.override(language):
        lines = [
            ngettext("%(number)s frist er overskredet.", "%(number)s frister er overskredet.", overdue) % {"number": overdue},
            ngettext("%(number)s frist udløber inden for 72 timer.", "%(number)s frister udløber inden for 72 timer.", soon)
            % {"number": soon},
        ]
        where = _("Log ind, og se din indbakke: %(address)s") % {"address": inbox_address()}
        automatic = _("Mailen er sendt automatisk. Du kan slå den fra på siden »Min konto«.")
        body = "\n\n".join(["\n".join(lines), where, automatic])
        send_mail(_("Frister i din indbakke i Forebyg"), body, None, [address])


def inbox_address() -> str:
    """The whole address of the inbox, as a browser asks for it."""
    installation = settings.FOREBYG
    scheme = "https" if installation.https else "http"
    port = "" if installation.https else f":{installation.port}"
    return f"{scheme}://{installation.hosts[0]}{port}{reverse('cases:inbox')}"
