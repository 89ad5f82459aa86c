"""A named person's word on the law: provisions signed off or taken back, doubts clarified."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forebyg.access.models import Worker
from forebyg.access.permissions import Permission
from forebyg.access.queries import require
from forebyg.audit.record import Codes, record
from forebyg.cases import rules
from forebyg.cases.actions.keeping import begin, note
from forebyg.core.errors import NotVisible, RuleBroken
from forebyg.law import Law, load_law, pack_ids
from forebyg.law.schema import Doubt as PackDoubt
from forebyg.law.schema import Pack, Provision
from forebyg.sharing.models import Clarification, Doubt, DoubtClarified, SignOff
from forebyg.store.sealed import open_sealed


class AlreadySo(RuleBroken):
    """Somebody else was first, or the page was old."""

    code = "sign-off-already-so"

    def __init__(self) -> None:
        super().__init__(_("Det står allerede sådan. Genindlæs siden, og se, hvem der har taget stilling."))


class NotYetThen(RuleBroken):
    """A clarification is not given in the future."""

    code = "clarified-in-the-future"

    def __init__(self) -> None:
        super().__init__(_("Datoen for afklaringen ligger i fremtiden. Skriv den dag, afklaringen blev givet."))


class NoDoubt(RuleBroken):
    """The doubt is clarified already."""

    code = "doubt-clarified-already"

    def __init__(self) -> None:
        super().__init__(_("Tvivlen er allerede afklaret. Rejs en ny, hvis der er noget nyt at tage stilling til."))


class OwnDoubt(RuleBroken):
    """Four eyes: whoever raised a doubt does not clear it away."""

    code = "own-doubt"

    def __init__(self) -> None:
        super().__init__(
            _("Du har selv rejst tvivlen. Bed en anden med adgang til sagen om at registrere, hvordan den er afklaret.")
        )


@dataclass(frozen=True)
class Reviewed:
    """A provision of a pack with the newest word on it; `former` are those on earlier contents or signatures, newest first."""

    pack: Pack
    provision: Provision
    words: list[SignOff]

    @property
    def version(self) -> str:
        """What a signature is for: the provision's exact content."""
        return self.pack.version(self.provision)

    @property
    def newest(self) -> SignOff | None:
        """The word that stands on the content as it is now."""
        return next((one for one in self.words if one.version == self.version), None)

    @property
    def is_signed(self) -> bool:
        """Whether it may be used here."""
        return self.newest is not None and self.newest.is_signed

    @property
    def was_changed(self) -> bool:
        """Whether an earlier content was signed, and this one is not."""
        return not self.is_signed and any(one.is_signed and one.version != self.version for one in self.words)


@dataclass(frozen=True)
class Clarified:
    """A doubt that a pack names, and how it was clarified, newest first."""

    doubt: PackDoubt
    answers: list[Clarification]


def reviewed(worker: Worker) -> list[Reviewed]:
    """Every provision of every pack, the newest pack first, with what was said of it; one query and one of the keys."""
    require(worker, Permission.REVIEW_LAW)
    said = list(SignOff.objects.order_by("-at", "-id"))
    open_sealed(said)
    by_provision: dict[tuple[str, str], list[SignOff]] = {}
    for one in said:
        by_provision.setdefault((one.pack, one.provision), []).append(one)
    return [
        Reviewed(law.pack, provision, by_provision.get((law.pack.meta.id, provision.id), []))
        for law in laws()
        for provision in law.pack.provisions
    ]


def fetch_reviewed(worker: Worker, pack: str, provision: str) -> Reviewed:
    """One of them. Raises `NotVisible`."""
    found = [one for one in reviewed(worker) if (one.pack.meta.id, one.provision.id) == (pack, provision)]
    if not found:
        raise NotVisible
    return found[0]


def laws() -> list[Law]:
    """Every pack that comes with this edition, the newest first."""
    return sorted((load_law(id) for id in pack_ids()), key=lambda law: law.pack.meta.valid_from, reverse=True)


def doubts(worker: Worker) -> list[Clarified]:
    """Every doubt that a pack names, with its clarifications."""
    require(worker, Permission.REVIEW_LAW)
    answers = list(Clarification.objects.select_related("worker").order_by("-at", "-id"))
    open_sealed(answers)
    return [Clarified(one, [answer for answer in answers if answer.doubt == one.id]) for one in _named_doubts()]


def fetch_doubt(worker: Worker, doubt: str) -> Clarified:
    """One of them. Raises `NotVisible`."""
    found = [one for one in doubts(worker) if one.doubt.id == doubt]
    if not found:
        raise NotVisible
    return found[0]


def _named_doubts() -> Iterator[PackDoubt]:
    known: set[str] = set()
    for law in laws():
        for doubt in law.pack.doubts:
            if doubt.id not in known:
                known.add(doubt.id)
                yield doubt


def sign(*, worker: Worker, pack: str, provision: str, version: str, note: str, now: datetime.datetime) -> SignOff:
    """Sign a provision off in the content that was read (B-028). Raises `AlreadySo` when that content changed or is signed."""
    said = _say(worker, pack, provision, version, is_signed=True, note=note, now=now)
    record("law.signed", actor=worker, at=now, records=[said.id], codes=_codes(said))
    return said


def take_back(*, worker: Worker, pack: str, provision: str, version: str, note: str, now: datetime.datetime) -> SignOff:
    """From now on the provision carries nothing; what it has carried stays recorded. Raises `AlreadySo`, `TextMissing`."""
    rules.check_text(note, what=str(rules.WHAT_REASON))
    said = _say(worker, pack, provision, version, is_signed=False, note=note, now=now)
    record("law.sign-off-taken-back", actor=worker, at=now, records=[said.id], codes=_codes(said))
    return said


def _say(
    worker: Worker, pack: str, provision: str, version: str, *, is_signed: bool, note: str, now: datetime.datetime
) -> SignOff:
    rules.check_length(note)
    standing = fetch_reviewed(worker, pack, provision)
    if standing.version != version or standing.is_signed == is_signed:
        raise AlreadySo
    said = SignOff(
        pack=pack,
        provision=provision,
        version=version,
        is_signed=is_signed,
        worker=worker,
        name=worker.name,
        at=now,
        note=note,
    )
    said.save(force_insert=True)
    return said


def _codes(said: SignOff) -> Codes:
    return {"pack": said.pack, "provision": said.provision, "version": said.version}


def clarify(
    *,
    worker: Worker,
    doubt: str,
    is_in_favour: bool,
    clarified_by: str,
    clarified_on: datetime.date,
    text: str,
    now: datetime.datetime,
) -> Clarification:
    """Record how a doubt that the pack names was clarified, by whom and when (R-087, R-100). Raises `NotYetThen`, `TextMissing`."""
    fetch_doubt(worker, doubt)
    _check_clarification(clarified_by, clarified_on, text, now)
    said = Clarification(
        doubt=doubt,
        is_in_favour=is_in_favour,
        clarified_on=clarified_on,
        worker=worker,
        at=now,
        clarified_by=clarified_by,
        text=text,
    )
    said.save(force_insert=True)
    codes: Codes = {"doubt": doubt, "in-favour": is_in_favour}
    record("law.doubt-clarified", actor=worker, at=now, records=[said.id], codes=codes)
    return said


def _check_clarification(clarified_by: str, clarified_on: datetime.date, text: str, now: datetime.datetime) -> None:
    rules.check_text(clarified_by, what=_("hvem der har afklaret det"))
    rules.check_text(text, what=_("hvad afklaringen siger"))
    if clarified_on > now.date():
        raise NotYetThen


# --- doubts about one matter


def raise_doubt(*, worker: Worker, case_id: uuid.UUID, text: str, now: datetime.datetime) -> Doubt:
    """Raise a legal doubt about sharing in a case: nothing crosses a border there until it is clarified (R-087)."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.DISCLOSE, now=now, also_ended=True)
    rules.check_text(text, what=_("hvad tvivlen går ud på"))
    raised = Doubt(matter_id=deed.case.matter_id, agency_id=worker.agency_id, worker=worker, at=now, text=text)
    raised.save(force_insert=True)
    note(deed, "doubt.raised", records=[raised.id])
    return raised


def clarify_doubt(
    *,
    worker: Worker,
    case_id: uuid.UUID,
    doubt: uuid.UUID,
    is_in_favour: bool,
    clarified_by: str,
    clarified_on: datetime.date,
    text: str,
    now: datetime.datetime,
) -> DoubtClarified:
    """Record who clarified a doubt of a case, when and how. Against: the sharing stays stopped. Not by who raised it, and not by
    who is in the case by broken glass alone. Raises `OwnDoubt`, `NoDoubt`, `NotYetThen`, `OnlyInEmergency`."""
    deed = begin(worker=worker, case_id=case_id, permission=Permission.ANSWER_FOR_AGENCY, now=now, also_ended=True)
    raised = Doubt.objects.filter(id=doubt, matter=deed.case.matter_id).first()
    if raised is None:
        raise NotVisible
    if raised.worker_id == worker.id:
        raise OwnDoubt
    if raised.answers.filter(is_in_favour=True).exists():
        raise NoDoubt
    _check_clarification(clarified_by, clarified_on, text, now)
    said = DoubtClarified(
        doubt=raised,
        matter_id=deed.case.matter_id,
        is_in_favour=is_in_favour,
        clarified_on=clarified_on,
        agency_id=worker.agency_id,
        worker=worker,
        at=now,
        clarified_by=clarified_by,
        text=text,
    )
    said.save(force_insert=True)
    note(deed, "doubt.clarified", records=[raised.id], codes={"in-favour": is_in_favour})
    return said
