"""Why a file is not taken in. Each sentence says what to do instead; the ledger keeps that it was refused, and no word of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from forebyg.core.errors import RuleBroken


class DocumentRefused(RuleBroken):
    """A file that is not taken in; nothing of it is kept."""

    code = "document-refused"


class DocumentMissing(DocumentRefused):
    """No file was chosen, or it has no name."""

    code = "document-missing"

    def __init__(self) -> None:
        super().__init__(_("Vælg en fil."))


class DocumentEmpty(DocumentRefused):
    """A file of no bytes."""

    code = "document-empty"

    def __init__(self) -> None:
        super().__init__(_("Filen er tom. Åbn den, og se, om indholdet er der, og vælg den så igen."))


class DocumentTooLarge(DocumentRefused):
    """More than the installation takes."""

    code = "document-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("Filen fylder mere end %(limit)s MB. Del den i flere, eller gem den i en mindre udgave.") % {"limit": limit}
        )


class DocumentNotWhole(DocumentRefused):
    """The connection or the disk failed while it was sent."""

    code = "document-not-whole"

    def __init__(self) -> None:
        super().__init__(
            _("Filen kom ikke helt frem. Vælg den, og send igen. Sker det igen, så sig det til jeres administrator.")
        )


class KindNotTaken(DocumentRefused):
    """None of the kinds that are taken in."""

    code = "document-kind-not-taken"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Filens indhold er ikke af en slags, der tages imod. Det er PDF, PNG, JPEG, tekst, DOCX, XLSX, ODT og ODS. "
                "Gem filen som PDF, og vælg den igen."
            )
        )


class NameSaysOtherwise(DocumentRefused):
    """The name's ending belongs to another kind than the content."""

    code = "document-name-says-otherwise"

    def __init__(self, ending: str, kind: str) -> None:
        super().__init__(
            _(
                "Filens navn ender på .%(ending)s, men indholdet er: %(kind)s. Få filen igen fra den, der lavede den, eller ret navnet."
            )
            % {"ending": ending, "kind": kind}
        )


class MayRun(DocumentRefused):
    """Web pages, drawings with scripts, scripts: what a browser or a machine would carry out."""

    code = "document-may-run"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Filen er en webside, en SVG-tegning eller et script, og den slags tages ikke imod. Gem den som PDF, og vælg den igen."
            )
        )


class HasMacros(DocumentRefused):
    """An office file with programs in it."""

    code = "document-has-macros"

    def __init__(self) -> None:
        super().__init__(
            _("Filen indeholder makroer, altså små programmer. Gem den uden makroer eller som PDF, og vælg den igen.")
        )


class HoldsFiles(DocumentRefused):
    """An office file with other files in it, which nobody has looked at."""

    code = "document-holds-files"

    def __init__(self) -> None:
        super().__init__(_("Filen har andre filer indlejret i sig. Gem den som PDF, og vælg den igen."))


class Fetches(DocumentRefused):
    """An office file that fetches something from elsewhere when it is opened: a template, a picture, data."""

    code = "document-fetches"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Filen henter noget et andet sted fra, når den åbnes, for eksempel en skabelon. Gem den som PDF, og vælg den igen."
            )
        )


class Bomb(DocumentRefused):
    """It would unpack to much more than it seems."""

    code = "document-bomb"

    def __init__(self) -> None:
        super().__init__(_("Filen pakker sig ud til alt for meget. Gem den som PDF, og vælg den igen."))


class NotReadable(DocumentRefused):
    """It begins like a kind that is taken in, and is not whole."""

    code = "document-not-readable"

    def __init__(self) -> None:
        super().__init__(
            _("Filen er beskadiget, eller den er låst med en kode. Åbn den, gem den igen uden kode, og vælg den så.")
        )


class Infected(DocumentRefused):
    """The scanner knows something harmful in it."""

    code = "document-infected"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Virusscanneren fandt noget skadeligt i filen. Den er ikke gemt. Åbn den ikke selv, og sig det til jeres it-afdeling."
            )
        )


class ScannerUnavailable(DocumentRefused):
    """The scanner does not answer: what was not looked at is not taken in."""

    code = "document-scanner-unavailable"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Filen kunne ikke undersøges for virus, fordi scanneren ikke svarer, og er ikke gemt. Prøv igen om lidt, eller sig det til jeres administrator."
            )
        )


class TooLargeForScanner(DocumentRefused):
    """The scanner takes smaller files only."""

    code = "document-too-large-for-scanner"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Filen er større, end virusscanneren tager imod, og er ikke gemt. Del den i flere, eller sig det til jeres administrator."
            )
        )
