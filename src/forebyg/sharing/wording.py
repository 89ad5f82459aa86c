"""The law's fixed words as a person reads them, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forebyg.cases.finding import in_language
from forebyg.cases.wording import PURPOSE as PURPOSE
from forebyg.cases.wording import mark as mark

Word = str | Promise

OUTCOME: Mapping[str, tuple[Word, str]] = {
    "allowed": (_("Lovligt"), "success"),
    "refused": (_("Ikke lovligt"), "error"),
    "undecided": (_("Kan ikke afgøres"), "warning"),
    "blocked": (_("Stoppet, til nogen har taget stilling"), "warning"),
}
"""What a finding comes to: the word, and the kind of badge."""

FORUM: Mapping[str, Word] = {
    "none": _("Uden for forum"),
    "ssp": _("SSP-samarbejdet"),
    "psp": _("PSP-samarbejdet"),
    "ksp": _("KSP-samarbejdet"),
}
CATEGORY: Mapping[str, Word] = {
    "ordinary": _("Almindelige oplysninger"),
    "private": _("Rent private forhold"),
    "sensitive": _("Følsomme oplysninger, som tro, politik og helbred"),
    "offences": _("Strafbare forhold"),
}
DANGER: Mapping[str, Word] = {
    "serious-violence": _("Alvorlig personfarlig kriminalitet"),
    "terror": _("Terror"),
}
TRIGGER: Mapping[str, Word] = {
    "": _("Nej"),
    "serious-violence": _("Ja, alvorlig personfarlig kriminalitet"),
    "terror": _("Ja, terror"),
}
CONFIDENCE: Mapping[str, Word] = {
    "seen": _("Teksten er set efter"),
    "strategy": _("Som strategien gengiver den"),
    "knowledge": _("Kendt ret, ordlyden er ikke set efter"),
    "unsure": _("Usikker: skal ses efter, før nogen støtter sig til den"),
}
REMEDY: Mapping[str, Word] = {
    "get-consent": _("Få samtykke til at dele, og registrér det på personens side."),
    "use-forum": _("Vælg det samarbejde, som både I og modtageren deltager i."),
    "anonymise": _("Fortæl det, så ingen person kan kendes."),
    "write-weighing": _("Skriv afvejningen i begrundelsen, og sæt kryds ved, at den er skrevet."),
    "write-need": _("Skriv, hvorfor det er nødvendigt."),
    "clarify-doubt": _("Få den juridiske tvivl afklaret, og få afklaringen registreret."),
    "sign-provision": _("Bed den juridiske godkender om at tage stilling til hjemlen."),
    "ask-owner": _("Bed den myndighed, der ejer oplysningen, om selv at videregive den."),
    "let-police-tell": _("Lad politiet fortælle det."),
    "wait-until-valid": _("Vent, til reglen er trådt i kraft."),
    "state-fact": _("Oplys det, der mangler."),
}
FACT: Mapping[str, Word] = {
    "from.kind": _("hvem I er"),
    "to.kind": _("hvem modtageren er"),
    "from.public_task": _("om I løser en opgave for det offentlige"),
    "to.public_task": _("om modtageren løser en opgave for det offentlige"),
    "from.controller": _("hvem der er jeres dataansvarlige"),
    "to.controller": _("hvem der er modtagerens dataansvarlige"),
    "from.forums": _("hvilke samarbejder I deltager i"),
    "to.forums": _("hvilke samarbejder modtageren deltager i"),
    "subject.age": _("personens alder: skriv fødselsdatoen på personens side"),
    "subject.custody": _("om personen er i arrest, afsoner eller er løsladt: skriv det på personens side"),
    "subject.standing": _("hvordan personen er klassificeret: vælg klassifikation under vurderinger"),
    "subject.exposed": _("om personen er socialt udsat: skriv det på personens side"),
    "subject.guardians": _("hvem der har forældremyndigheden: registrér det på personens side"),
    "forum": _("i hvilket samarbejde det sker"),
    "received_under": _("i hvilket samarbejde I selv fik det at vide"),
    "purpose": _("formålet"),
    "categories": _("hvad oplysningerne handler om"),
    "trigger.kind": _("hvad faren er"),
    "trigger.weighing": _("om afvejningen er skrevet"),
    "need": _("hvorfor det er nødvendigt"),
    "by.public_task": _("om I løser en opgave for det offentlige"),
    "grounds": _("hvilke grunde der er"),
    "cooperation": _("om forældrene samarbejder"),
    "weighing": _("om afvejningen er skrevet"),
    "moment": _("tidspunktet"),
}
"""What is missing, and where it is stated."""
KIND: Mapping[str, Word] = {
    "police": _("Politiet"),
    "prison-service": _("Kriminalforsorgen"),
    "social-services": _("Socialforvaltningen"),
    "ssp": _("SSP-sekretariatet"),
    "school": _("En skole"),
    "employment": _("Beskæftigelsesforvaltningen"),
    "prevention-unit": _("Forebyggelsesenheden"),
    "secretariat": _("Sekretariatet"),
    "specialist": _("Specialisterne"),
    "psychiatry": _("Psykiatrien"),
    "health": _("Sundhedsvæsenet"),
    "other-authority": _("En anden myndighed"),
    "self-governing-institution": _("En selvejende institution"),
    "mentor": _("En mentor"),
    "coach": _("En forældrecoach"),
    "forum-member": _("Et medlem af et forum"),
    "housing-company": _("Et boligselskab"),
    "social-housing-worker": _("En boligsocial medarbejder"),
    "association": _("En forening"),
    "religious-community": _("Et trossamfund"),
    "hotline-caller": _("En, der ringer til hotlinen"),
    "private-person": _("En privatperson"),
    "parent": _("En forælder"),
    "close-person": _("En anden nærtstående"),
    "citizen": _("Borgeren selv"),
    "pet": _("Efterretningstjenesten (PET)"),
}
CUSTODY: Mapping[str, Word] = {
    "none": _("Ingen af delene"),
    "remand": _("I arrest"),
    "serving": _("Afsoner"),
    "released": _("Løsladt fra kriminalforsorgen"),
    "released-minor": _("Dømt før 18 og løsladt fra en anden anbringelse"),
    "released-remand": _("Løsladt fra arrest eller anden frihedsberøvelse"),
}
STANDING: Mapping[str, Word] = {
    "none": _("Ingen af delene"),
    "suspected": _("Mistanke om radikalisering"),
    "at-risk": _("Radikaliseringstruet"),
    "radicalised": _("Radikaliseret"),
}
GIVER: Mapping[str, Word] = {
    "citizen": _("Borgeren"),
    "guardian-1": _("Den ene med forældremyndighed"),
    "guardian-2": _("Den anden med forældremyndighed"),
}


def word(words: Mapping[str, Word], value: str) -> str:
    """A fixed word as it is read; itself when the law has a word that is not here yet."""
    return str(words.get(value, value))


def lacking(finding: Mapping[str, Any]) -> list[str]:
    """What a kept finding was still without when it allowed the disclosure: facts, and a text of the law that somebody has read
    (B-021)."""
    unread = [one for one in finding["bases"] if one["confidence"] != "seen"]
    said = [word(FACT, path) for path in finding.get("missing", ())]
    said += [f"{in_language(one['citation'])}: {word(CONFIDENCE, one['confidence'])}" for one in unread]
    return [*said, *(in_language(text) for one in finding["bases"] for text in one["caveats"])]


def danger(finding: Mapping[str, Any]) -> str:
    """The danger that outweighed secrecy in a kept finding (R-086); nothing when none was named."""
    return str(DANGER.get(finding.get("trigger", ""), ""))
