"""The example case's shape entered by hand: a family, five agencies, nine steps, from the first contact to the hand-over."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from tests.browser.case_desk import CaseDesk
from tests.browser.desk import Desk
from tests.browser.site import Sit, Site

pytestmark = pytest.mark.browser

SEEN = "Far og søn har sagt, at de vil rejse til en væbnet gruppe."
DISCUSSED = "Enheden drøftede familien og blev enig om et besøg."
VISITED = "Samtale i hjemmet med far og søn."
LOGGED = "Vi talte om skole og fodbold."
ROLES = ("sof", "dks", "vink", "sekretariat", "mentor")


@dataclass
class Room:
    """The workers of one case, each at a screen of the same width."""

    desks: dict[str, Desk]
    reference: str = ""

    def at(self, role: str) -> CaseDesk:
        return CaseDesk(self.desks[role], self.reference)

    def go_on(self, role: str, name: str) -> None:
        """The form of the move that is offered now; axe finds nothing on it."""
        self.at(role).go_on(name)
        self.desks[role].assert_accessible()

    def all_are_accessible(self, *roles: str) -> None:
        for role in roles:
            self.at(role).open()
            self.desks[role].assert_accessible()


@pytest.mark.req("R-050", "R-055", "R-056", "R-058", "R-062")
@pytest.mark.req(
    "R-011", "R-012", "R-019", "R-020", "R-021", "R-023", "R-051", "R-054", "R-069", "R-209", part="in the browser"
)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_case_goes_through_the_nine_steps(empty_site: Site, sit: Sit, width: int) -> None:
    room = Room({role: sit(empty_site, role, width=width) for role in ROLES})
    concern_arises(room)
    concern_is_received(room)
    unit_discusses(room)
    unit_assesses(room)
    citizen_is_met(room)
    concern_is_confirmed(room)
    measures_are_agreed(room)
    case_is_followed_up(room)
    case_is_handed_over(room)


def concern_arises(room: Room) -> None:
    """Step 1: a social worker notes it; nobody else knows of the case."""
    sof = room.desks["sof"]
    sof.open("/henvendelser/ny/")
    sof.pick("Hvordan kom den?", "Bekymring opdaget i en anden sag")
    sof.pick("Hvem henvender sig?", "Sagsbehandler")
    sof.fill("Hvad er set eller hørt?", SEEN)
    sof.mark("Hvor tæt er kilden på?", "Set eller hørt selv")
    sof.fill("Personen omtales som", "Far")
    sof.group("Personen: rolle i sagen").get_by_label("Forælder eller værge").check()
    sof.pick("Alder, når fødselsdatoen ikke kendes", "18 år eller derover")
    sof.press("Tilføj en person til")
    expect(sof.field("Hvad er set eller hørt?")).to_have_value(SEEN)
    sof.fill("Person 2 omtales som", "Søn")
    sof.mark("Person 2: rolle i sagen", "Bekymringen gælder")
    sof.page.locator("#id_born_on_2").fill(sixteen_years_ago())
    sof.assert_accessible()
    sof.press("Registrér henvendelsen")
    found = re.fullmatch(r"/sager/(\d{4}-\d{4,})/", sof.path)
    assert found is not None, sof.path
    room.reference = found[1]
    sof.says(f"Henvendelsen er registreret som sag {room.reference}.")
    room.at("sof").stands_at(1, "Bekymring opstår")
    room.at("sof").do_on("Personer", "Tilføj en relation")
    sof.pick("Person", "Far")
    sof.pick("Relation", "forælder til")
    sof.pick("Anden person", "Søn")
    sof.press("Gem")
    sof.says("Relationen er gemt.")
    for role in ("dks", "vink", "sekretariat", "mentor"):
        with room.desks[role].expecting(404):
            room.at(role).open()


def concern_is_received(room: Room) -> None:
    """Step 2: DKS is admitted, sees the frame only, is told, and takes it in."""
    admit(room, "sof", "DKS: DKS-medarbejder")
    dks = room.desks["dks"]
    room.at("dks").stands_at(1, "Bekymring opstår")
    dks.sees("Socialforvaltningen")
    dks.sees_nothing_of(SEEN, "Søn,")
    share(room, "sof", "DKS")
    room.at("dks").open()
    dks.sees(SEEN, "Far", "Søn, 16 år")
    room.go_on("dks", "Tag imod bekymringen")
    dks.mark("Hvilke myndigheder har meldt den?", "Socialforvaltningen")
    dks.press("Tag imod")
    dks.says("Bekymringen er modtaget.")
    room.at("dks").stands_at(2, "Modtagelse")
    room.at("dks").do_on("Vurderinger", "Vælg sagstype")
    dks.group("Sagstype").get_by_role("radio").first.check()
    dks.fill("Begrundelse", "Sønnen er 16 år.")
    dks.press("Gem")
    dks.says("Gemt.")
    room.all_are_accessible("sof", "dks")


def unit_discusses(room: Room) -> None:
    """Step 3: the secretariat and VINK are admitted, VINK leads, and the concern comes before the unit."""
    admit(room, "dks", "Sekretariatet: Sekretariatets medarbejder")
    admit(room, "dks", "VINK: VINKs medarbejder")
    dks = room.desks["dks"]
    room.at("dks").do_on("Videregivelser", "Skift, hvem der leder sagen")
    dks.pick("Hvem skal lede sagen?", "VINK")
    dks.fill("Begrundelse", "Støtten til familien ligger hos VINK.")
    dks.press("Skift")
    room.go_on("dks", "Bring sagen til enheden")
    dks.press("Bring til enheden")
    dks.says("Sagen er på enhedens dagsorden.")
    share(room, "sof", "VINK")
    secretariat = room.desks["sekretariat"]
    room.at("sekretariat").stands_at(3, "Drøftelse i enheden")
    secretariat.sees_nothing_of(SEEN, "Søn,")
    room.go_on("sekretariat", "Registrér drøftelsen")
    secretariat.mark("Hvem deltog?", "DKS", "Sekretariatet", "Socialforvaltningen", "VINK")
    secretariat.fill("Hvad førte drøftelsen til?", DISCUSSED)
    secretariat.press("Gem")
    secretariat.says("Drøftelsen er registreret.")
    room.at("vink").stands_at(4, "Første vurdering")
    room.desks["vink"].sees_nothing_of(DISCUSSED)
    room.all_are_accessible("sekretariat", "vink")


def unit_assesses(room: Room) -> None:
    """Step 4: VINK assesses on its own behalf; an opinion is no ground, so without one the form comes back."""
    vink = room.desks["vink"]
    room.go_on("vink", "Første vurdering")
    for person in ("Far", "Søn"):
        vink.mark(f"Resultat for {person}", "Ikke afkræftet: mød borgeren")
    vink.fill("Begrundelse", "Udsagnene skal afklares med familien.")
    vink.mark("Hvem deltog i vurderingen?", "DKS", "VINK")
    with vink.expecting(422):
        vink.press("Gem vurderingen")
        expect(vink.page.get_by_role("alert")).to_contain_text("Skriv det iagttagelige grundlag")
    vink.fill("Iagttageligt grundlag for bekymringen", SEEN)
    vink.press("Gem vurderingen")
    vink.says("Vurderingen er gemt.")
    room.at("vink").stands_at(5, "Møde med borgeren")


def citizen_is_met(room: Room) -> None:
    """Step 5: DKS holds the meeting; with someone under 18 a parent takes part, or a reason says why not."""
    dks = room.desks["dks"]
    room.at("dks").do("Registrér et møde")
    dks.mark("Hvad slags møde?", "Hjemmebesøg")
    dks.mark("Blev mødet holdt?", "Afholdt")
    dks.mark("Hvem var mødet med?", "Far", "Søn")
    dks.mark("Hvilke myndigheder deltog?", "DKS", "VINK")
    dks.fill("Hvad skete der?", VISITED)
    with dks.expecting(422):
        dks.press("Gem")
        expect(dks.page.get_by_role("alert")).to_contain_text("Borgeren er under 18 år.")
    dks.assert_accessible()
    dks.mark("Hvilke forældre eller værger deltog?", "Far")
    dks.press("Gem")
    dks.says("Mødet er registreret.")
    room.go_on("dks", "Gå videre til anden vurdering")
    dks.press("Gå videre")
    dks.says("Sagen er klar til anden vurdering.")
    room.at("sof").stands_at(6, "Anden vurdering")
    room.desks["sof"].sees_nothing_of(VISITED)


def concern_is_confirmed(room: Room) -> None:
    """Step 6: VINK confirms; severity gives the deadline of triage, and SOF takes the responsibility."""
    vink = room.desks["vink"]
    room.at("vink").do_on("Vurderinger", "Vælg alvorlighed")
    vink.mark("Alvorlighed", "Mellem – visiteres inden for 48 timer")
    vink.fill("Begrundelse", "Ønsket om at rejse er udtalt; ingen plan kendes.")
    vink.press("Gem")
    room.go_on("vink", "Anden vurdering")
    for person in ("Far", "Søn"):
        vink.mark(f"Resultat for {person}", "Bekræftet")
    vink.fill("Iagttageligt grundlag for bekymringen", "Begge fastholdt det på besøget.")
    vink.fill("Begrundelse", "Familien har brug for støtte.")
    vink.mark("Hvem deltog i vurderingen?", "DKS", "VINK")
    vink.press("Gem vurderingen")
    vink.says("Vurderingen er gemt.")
    room.at("vink").do_on("Vurderinger", "Er lokal indsats nødvendig?")
    vink.mark("Kræver sagen lokal indsats?", "Ja")
    vink.fill("Begrundelse", "Skole og familie skal støttes lokalt.")
    vink.press("Gem")
    vink.says("Gemt.")
    room.at("sof").stands_at(7, "Indsats aftales")
    sof = room.desks["sof"]
    sof.sees("Visitation: ", "48t", "tilbage")
    room.at("sof").do("Påtag dig ansvaret")
    sof.fill("Hvad tager myndigheden ansvar for?", "Støtte til familien i hjemmet.")
    sof.press("Påtag ansvaret")
    sof.says("Ansvaret er påtaget, og fristen er stoppet.")
    room.all_are_accessible("sof", "vink")


def measures_are_agreed(room: Room) -> None:
    """Step 7: a mentor is offered; the young person's yes is not enough, and the mentor learns of the son alone."""
    vink = room.desks["vink"]
    offered = "1-1 støtte: Mentorstøtte til unge under og over 18 år"
    room.at("vink").do_on("Indsatser", "Giv et tilbud")
    vink.pick("Indsats", offered)
    vink.mark("Hvem får tilbuddet?", "Søn")
    vink.press("Gem tilbuddet")
    vink.says("Tilbuddet er registreret.")
    answer(room, offered, "Søn")
    room.at("vink").do_on("Indsatser", "Begynd forløbet", record=offered)
    vink.pick("Mentor eller coach", "Mentor for sønnen")
    with vink.expecting(422):
        vink.press("Begynd forløbet")
        expect(vink.page.get_by_role("alert")).to_contain_text("en forælder eller værge")
    answer(room, offered, "Far")
    room.at("vink").do_on("Indsatser", "Begynd forløbet", record=offered)
    vink.pick("Mentor eller coach", "Mentor for sønnen")
    vink.press("Begynd forløbet")
    vink.says("Forløbet er begyndt.")
    room.go_on("vink", "Gå videre til opfølgning")
    vink.fill("Hvad er aftalt?", "Søn får en mentor, og socialforvaltningen støtter familien.")
    for who in ("Far", "Søn"):
        vink.mark("Hvem i familien er det talt igennem med?", who)
    for agency in ("VINK", "Socialforvaltningen"):
        vink.mark("Hvilke myndigheder er med i aftalen?", agency)
    vink.press("Gå videre")
    room.at("vink").stands_at(8, "Opfølgning")


def case_is_followed_up(room: Room) -> None:
    """Step 8: SOF, which owns it, tells the mentor who the son is; the mentor keeps the log of the one course; VINK ends it,
    follows up in both tracks and judges the concern as dealt with."""
    mentor = room.desks["mentor"]
    for who in ("Søn", "Far"):
        says_yes_to_sharing(room, "sof", who, about="Søn", recipient="Mentorkorpset")
    share(room, "sof", "Mentorkorpset", only="Person tilføjet: Søn", forum="Uden for forum")
    room.at("mentor").stands_at(8, "Opfølgning")
    mentor.sees("Søn")
    mentor.sees_nothing_of("Far", SEEN, VISITED, DISCUSSED)
    mentor.assert_accessible()
    room.at("mentor").do_on("Indsatser", "Skriv i forløbets log", record="1-1 støtte")
    mentor.mark("Hvad skete der?", "Samtale holdt")
    mentor.fill("Kort beskrivelse", LOGGED)
    mentor.press("Gem")
    mentor.says("Loggen er gemt.")
    vink = room.desks["vink"]
    room.at("vink").look_at("Indsatser")
    vink.sees(LOGGED)
    room.at("vink").do_on("Indsatser", "Ændr eller afslut forløbet", record="1-1 støtte")
    vink.mark("Hvad sker der?", "Gennemført")
    vink.fill("Begrundelse", "Målene er nået.")
    vink.press("Gem")
    vink.says("Forløbet er ændret.")
    with mentor.expecting(404):
        room.at("mentor").open()
    room.at("vink").do_on("Aftaler og opfølgning", "Registrér opfølgning med borgeren")
    vink.mark("Blev mødet holdt?", "Borgeren udeblev")
    vink.mark("Hvem var mødet med?", "Far", "Søn")
    vink.fill("Hvad skete der?", "De ringede og sagde, at det går godt.")
    vink.press("Gem")
    vink.says("Opfølgningen med borgeren er registreret.")
    room.at("vink").do_on("Aftaler og opfølgning", "Registrér opfølgning i enheden")
    vink.mark("Hvilke myndigheder var med?", "DKS", "VINK")
    vink.fill("Hvordan går det, og hvad gør I nu?", "Enheden er enig om, at det går godt.")
    vink.press("Gem")
    vink.says("Opfølgningen i enheden er registreret.")
    room.go_on("vink", "Vurdér bekymringen som håndteret")
    for person in ("Far", "Søn"):
        vink.mark(f"Resultat for {person}", "Håndteret")
    vink.fill("Begrundelse", "Familien trives, og ingen vil rejse.")
    vink.mark("Hvem deltog i vurderingen?", "DKS", "VINK")
    vink.press("Gem vurderingen")
    room.at("vink").stands_at(9, "Afslutning")


def case_is_handed_over(room: Room) -> None:
    """Step 9: the secretariat hands over to the ordinary system; the six-month review runs on."""
    secretariat = room.desks["sekretariat"]
    room.go_on("sekretariat", "Afslut sagen")
    secretariat.mark("Hvordan slutter sagen?", "Overdrages til det kommunale normalsystem")
    secretariat.fill("Begrundelse", "Støtten fortsætter i normalsystemet.")
    secretariat.fill("Sagens nummer i journalsystemet", "2026-000000")
    secretariat.press("Afslut sagen")
    secretariat.says("Sagen er afsluttet.")
    for role in ("sekretariat", "vink", "dks", "sof"):
        room.at(role).has_ended("overdraget til normalsystemet")
        room.desks[role].assert_accessible()
    room.at("vink").open()
    room.desks["vink"].sees("Status 6 måneder efter forløbet")
    expect(room.at("vink").next).to_have_count(0)


# What several steps share


def admit(room: Room, by: str, contact: str) -> None:
    desk = room.desks[by]
    room.at(by).do_on("Videregivelser", "Optag en myndighed i sagen")
    desk.pick("Kontaktperson i myndigheden", contact)
    point_to_the_law(desk, "Myndigheden skal være med til at vurdere bekymringen.")
    desk.press("Optag myndigheden")
    desk.says("Myndigheden er optaget og har fået en opgave.")


def share(room: Room, by: str, to: str, *, only: str = "", forum: str = "SSP-samarbejdet") -> None:
    """Tell another agency what one's own has written: everything, or one record by its words."""
    desk = room.desks[by]
    room.at(by).do("Videregiv oplysninger")
    desk.pick("Modtager", to)
    boxes = desk.group("Hvad videregives?")
    for box in [boxes.get_by_label(only)] if only else boxes.get_by_role("checkbox").all():
        box.check()
    point_to_the_law(desk, "Modtageren skal kende det for at kunne gøre sit.", forum=forum)
    desk.press("Videregiv")
    desk.says("Oplysningerne er videregivet.")


def says_yes_to_sharing(room: Room, by: str, who: str, *, about: str, recipient: str) -> None:
    """Record the yes of the person, or of who has the custody, to telling one agency."""
    desk = room.desks[by]
    room.at(by).do_on("Personer", "Registrér et samtykke", record=about)
    desk.mark("Hvad blev der spurgt om?", "At dele oplysninger")
    desk.pick("At dele oplysninger: med hvem?", recipient)
    desk.mark("Hvem svarede?", who)
    desk.mark("Hvad blev svaret?", "Ja")
    desk.fill("Hvad blev der spurgt om, og hvad blev der sagt?", "Mentoren må vide, hvem forløbet er med.")
    desk.press("Gem svaret")
    desk.says("Svaret er registreret.")


def point_to_the_law(desk: Desk, why: str, *, forum: str = "SSP-samarbejdet") -> None:
    """The first page: the cooperation, and what the law says; then the reason."""
    desk.pick("Samarbejde", forum)
    desk.press("Se, hvad loven siger")
    desk.sees("Lovligt")
    desk.fill("Hvorfor er det nødvendigt?", why)


def answer(room: Room, offered: str, who: str) -> None:
    vink = room.desks["vink"]
    room.at("vink").do_on("Indsatser", "Registrér svaret på tilbuddet", record=offered)
    vink.mark("Svar", "Ja tak")
    vink.mark("Hvem svarede?", who)
    vink.press("Gem svaret")
    vink.says("Svaret er registreret.")


def sixteen_years_ago() -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    return (today - datetime.timedelta(days=16 * 365 + 40)).isoformat()
