"""What each action of the ledger is called on screen, and what sort of action it is. A test fails when one has no sentence."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(enum.Enum):
    """A sort of action. The values stand in addresses."""

    label: Promise

    def __new__(cls, code: str, label: Promise) -> Group:
        member = object.__new__(cls)
        member._value_ = code
        member.label = label
        return member

    READING = "laest", _("Set og søgt")
    WRITING = "skrevet", _("Skrevet og rettet")
    SHARING = "delt", _("Videregivet og trukket tilbage")
    ACCESS = "adgang", _("Adgang til sager")
    EMERGENCY = "noedadgang", _("Nødadgang")
    EXPORT = "udtraek", _("Udtræk")
    REFUSAL = "afvist", _("Afvist")
    ACCOUNT = "konto", _("Logget på og konti")
    OVERSIGHT = "tilsyn", _("Tilsyn")
    OPERATION = "drift", _("Drift")


@dataclass(frozen=True)
class Sentence:
    """A sentence without a subject: who did it stands beside it."""

    group: Group
    text: Promise


SENTENCES: dict[str, Sentence] = {
    action: Sentence(group, text)
    for group, sentences in {
        Group.READING: {
            "case.seen": _("Så en side i sagen"),
            "act.opened": _("Åbnede en formular i sagen"),
            "document.seen": _("Så eller hentede et dokument"),
            "case.led-on": _("Åbnede sagen fra nummeret på en sag, der er lagt sammen med den"),
            "cpr.shown": _("Fik vist en persons hele CPR-nummer"),
            "inbox.seen": _("Så sin indbakke"),
            "board.seen": _("Så tavlen"),
            "breaches.seen": _("Så, hvor mange frister enheden har overskredet"),
            "cases.listed": _("Så listen over sager"),
            "cases.searched": _("Søgte efter en sag eller en person"),
            "requests.seen": _("Så listen over anmodninger"),
        },
        Group.WRITING: {
            "case.opened": _("Oprettede sagen"),
            "case.receive": _("Tog imod bekymringen"),
            "case.bring-to-unit": _("Bragte sagen til enheden"),
            "case.discussed": _("Førte sagen videre efter drøftelsen i enheden"),
            "case.discussed-in-unit": _("Registrerede enhedens drøftelse"),
            "case.dismiss-in-unit": _("Afsluttede sagen: bekymringen blev afkræftet i enheden"),
            "case.proceed-to-meeting": _("Førte sagen videre til møde med borgeren"),
            "case.met": _("Førte sagen videre til anden vurdering"),
            "case.dismiss-after-meeting": _("Afsluttede sagen: bekymringen blev afkræftet efter mødet"),
            "case.confirm": _("Bekræftede bekymringen"),
            "measures.agreed": _("Skrev, hvad der er aftalt med borgeren"),
            "case.measures-agreed": _("Førte sagen videre til opfølgning"),
            "case.new-measures": _("Førte sagen tilbage til ny indsats"),
            "case.dealt-with": _("Vurderede bekymringen som håndteret"),
            "case.close": _("Afsluttede sagen"),
            "case.hand-over": _("Overdrog sagen til normalsystemet"),
            "case.hand-to-pet": _("Afsluttede sagen: politiet overleverede den til PET"),
            "case.pet-hand-over-recorded": _("Registrerede politiets overlevering til PET"),
            "case.closing-decided": _("Skrev beslutningen om at afslutte sagen"),
            "case.reopened": _("Genåbnede sagen som en ny sag"),
            "case.reopens": _("Oprettede sagen som fortsættelse af en afsluttet sag"),
            "case.lead-changed": _("Skiftede den myndighed, der leder sagen"),
            "case.qualified": _("Kvalificerede sagen"),
            "case.assessed": _("Registrerede en vurdering"),
            "concern.noted": _("Registrerede en henvendelse"),
            "concern.received": _("Modtog henvendelsen"),
            "reporter.recorded": _("Registrerede, hvem der henvendte sig"),
            "participant.added": _("Tilføjede en person"),
            "participant.changed": _("Rettede en persons oplysninger"),
            "relation.added": _("Registrerede en relation"),
            "merge.proposed": _("Foreslog, at to personer er den samme"),
            "merge.accepted": _("Lagde to personer sammen til én"),
            "merge.declined": _("Afviste, at to personer er den samme"),
            "merge.undone": _("Fortrød, at to personer var lagt sammen"),
            "information.recorded": _("Registrerede, om en person er orienteret"),
            "consent.recorded": _("Registrerede et svar på et samtykke"),
            "item.written": _("Skrev en oplysning"),
            "item.corrected": _("Rettede en oplysning"),
            "item.extracted": _("Skrev et uddrag af en oplysning uden andre personer"),
            "item.moved-here": _("Flyttede en oplysning hertil fra en forkert sag"),
            "document.added": _("Lagde et dokument i sagen"),
            "document.corrected": _("Rettede et dokument"),
            "document.moved-here": _("Flyttede et dokument hertil fra en forkert sag"),
            "meeting.recorded": _("Registrerede et møde"),
            "agenda.item-set": _("Satte sagen på et enhedsmøde"),
            "minutes.written": _("Skrev et referat af enhedens drøftelse"),
            "minutes.corrected": _("Rettede et referat"),
            "decision.written": _("Skrev en beslutning"),
            "notice.answered": _("Registrerede familiens svar på en indskærpelse"),
            "measure.decided": _("Registrerede en afgørelse efter loven"),
            "measure.considered": _("Spurgte, om loven tillader en indsats"),
            "agreement.made": _("Skrev en aftale med borgeren"),
            "agreement.looked-at": _("Skrev, om en aftale med borgeren er holdt"),
            "unit.followed-up": _("Registrerede enhedens opfølgning"),
            "contact.recorded": _("Registrerede en opsøgende kontakt"),
            "alarm.raised": _("Slog alarm"),
            "alarm.ended": _("Afsluttede en alarm"),
            "procedure.ticked": _("Satte hak i arbejdsgangen"),
            "task.added": _("Oprettede en opgave"),
            "task.done": _("Markerede en opgave som udført"),
            "notice.read": _("Bekræftede at have læst en besked"),
            "journal.linked": _("Knyttede et journalnummer til sagen"),
            "responsibility.taken": _("Påtog sig ansvaret for sagens indsats"),
            "offer.made": _("Gav et tilbud"),
            "offer.answered": _("Registrerede svaret på et tilbud"),
            "course.started": _("Begyndte et forløb"),
            "course.changed": _("Skrev i et forløbs log eller ændrede forløbet"),
            "clock.started": _("Begyndte en frist"),
            "clock.moved": _("Flyttede en frist, fordi alvorligheden blev ændret"),
            "clock.paused": _("Satte en frist i bero"),
            "clock.resumed": _("Lod en frist løbe igen"),
            "clock.stopped": _("Stoppede en frist"),
            "clock.breach-explained": _("Begrundede, at en frist blev overskredet"),
            "view.saved": _("Gemte en visning af listen over sager"),
            "view.dropped": _("Slettede en gemt visning"),
            "birthday.noticed": _("Gjorde opmærksom på, at en person fylder 18 år"),
            "clock.escalated": _("Gjorde opmærksom på en overskredet frist"),
        },
        Group.SHARING: {
            "record.disclosed": _("Videregav en oplysning"),
            "record.readers-changed": _("Gav en myndighed adgang til en oplysning"),
            "disclosure.withdrawn": _("Trak en videregivelse tilbage"),
            "request.sent": _("Spurgte en anden myndighed"),
            "request.answered": _("Svarede på en anmodning"),
            "request.declined": _("Afslog en anmodning"),
            "request.withdrawn": _("Trak en anmodning tilbage"),
            "agency.admitted": _("Optog en myndighed i sagen"),
            "letter.written": _("Skrev et brev til borgeren eller en nærtstående"),
            "parent.contacted": _("Registrerede en kontakt til en forælder"),
            "letter.withdrawn": _("Trak et brev tilbage"),
            "exchange.considered": _("Spurgte, om loven tillader en videregivelse"),
            "doubt.raised": _("Rejste en juridisk tvivl om videregivelse"),
            "doubt.clarified": _("Registrerede, at en juridisk tvivl er afklaret"),
            "law.signed": _("Godkendte en hjemmel"),
            "law.sign-off-taken-back": _("Tog en godkendelse af en hjemmel tilbage"),
            "law.doubt-clarified": _("Registrerede, hvordan en juridisk tvivl er afklaret"),
        },
        Group.ACCESS: {
            "access.given": _("Gav en medarbejder adgang til sagen"),
            "matter.locked": _("Låste sagen særligt"),
            "matter.unlocked": _("Ophævede sagens særlige lås"),
            "admission.ended": _("Afsluttede en myndigheds deltagelse i sagen"),
            "access.ended": _("Lukkede en medarbejders adgang til sagen"),
        },
        Group.EMERGENCY: {
            "glass.broken": _("Åbnede sagen med nødadgang"),
            "glass.refused": _("Forsøgte at få nødadgang til en sag"),
            "glass.closed": _("Lukkede en nødadgang"),
            "glass.review-late": _("Mindede om en nødadgang, der ikke er gennemgået inden fristen"),
            "glass.reviewed": _("Gennemgik en nødadgang"),
        },
        Group.EXPORT: {
            "oversight.log-exported": _("Hentede loggen som fil"),
            "paper.fetched": _("Hentede en erklæring eller et brev som PDF"),
        },
        Group.REFUSAL: {"refused": _("Blev afvist"), "document.refused": _("Fik afvist et dokument")},
        Group.ACCOUNT: {
            "signed-in": _("Loggede på"),
            "signed-out": _("Loggede af"),
            "sign-in-failed": _("Forsøgte at logge på"),
            "digest-chosen": _("Valgte, om tallene fra indbakken skal sendes på mail"),
            "password-changed": _("Skiftede adgangskode"),
            "sessions-ended": _("Loggede sig af andre steder"),
            "second-factor-added": _("Satte to-trinsbekræftelse op"),
            "second-factor-removed": _("Fjernede en to-trinsbekræftelse"),
            "second-factor-failed": _("Skrev en forkert kode eller brugte en forkert nøgle"),
            "second-factor-renamed": _("Gav en adgangsnøgle et andet navn"),
            "recovery-codes-renewed": _("Fik nye reservekoder"),
            "account-made": _("Oprettede en konto"),
            "account-suspended": _("Lukkede en konto"),
            "account-reactivated": _("Åbnede en lukket konto"),
            "roles-given": _("Gav en konto en rolle"),
            "roles-taken": _("Tog en rolle fra en konto"),
            "standing-proposed": _("Foreslog at ændre, hvordan en myndighed står over for loven"),
            "standing-accepted": _("Godkendte, hvordan en myndighed står over for loven"),
            "standing-declined": _("Afviste et forslag om, hvordan en myndighed står over for loven"),
            "standing-withdrawn": _("Trak et forslag om en myndighed tilbage"),
            "link-renewed": _("Udstedte et nyt link til en konto"),
            "link-used": _("Tog sin konto i brug"),
        },
        Group.OVERSIGHT: {
            "oversight.overview-seen": _("Så tilsynets overblik"),
            "oversight.log-seen": _("Så loggen"),
            "oversight.matter-seen": _("Så, hvem der har set sagen"),
            "oversight.reason-opened": _("Åbnede en forseglet begrundelse i loggen"),
            "oversight.accesses-seen": _("Så listen over adgange, der skal gennemgås"),
            "oversight.access-seen": _("Så en adgang, der skal gennemgås"),
            "oversight.openings-seen": _("Så listen over nødadgange"),
            "oversight.opening-seen": _("Så en nødadgang, der skal gennemgås"),
            "oversight.access-reviewed": _("Gennemgik en adgang"),
        },
        Group.OPERATION: {
            "keys.rotation-begun": _("Begyndte at skifte hovednøglen"),
            "keys.rotated": _("Skiftede hovednøglen"),
            "keys.swept": _("Fjernede nøgler og filer, som intet bruger"),
            "backup.begun": _("Tog en sikkerhedskopi"),
            "backup.restored": _("Genskabte Forebyg fra en sikkerhedskopi"),
            "audit.key-made": _("Lavede en ny nøgle til loggens underskrift"),
        },
    }.items()
    for action, text in sentences.items()
}

OPENING = ("case.seen", "act.opened")
"""Single matters opened, unlike the lists that show many at once."""


def actions_of(*groups: Group) -> list[str]:
    """The actions of these sorts."""
    return [action for action, sentence in SENTENCES.items() if sentence.group in groups]


def sentence_of(action: str) -> str:
    """What the action is called; its own name if an older version of Forebyg wrote it."""
    return str(SENTENCES[action].text) if action in SENTENCES else action
