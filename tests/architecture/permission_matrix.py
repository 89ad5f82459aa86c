"""Who gets what answer at every address: one hand-written row for each, and a new address without a row fails.

The case is the strategy's example case on day 130, at step 8 (follow-up). The columns:

  vink      leads the case and has all of it            dks       takes part; sees what it wrote and was told
  sof       takes part; found the concern               mentor    knows the son and the mentor course, nothing else
  sekr      the secretariat, admitted to the case       other     prison service: no part in the case
  admin     administrator: no case at all               polit     committee member: published content only
  dpo       data protection officer of VINK's and the secretariat's controller: the ledger, no case

Someone signed out is sent to sign in everywhere but at the addresses in PUBLIC.
"""

from __future__ import annotations

COLUMNS = ("vink", "dks", "sof", "mentor", "sekr", "other", "admin", "polit", "dpo")

WORKERS = {
    "vink": "vink",
    "dks": "dks",
    "sof": "sof",
    "mentor": "mentor",
    "sekr": "sekretariat",
    "other": "kriminalforsorg",
    "admin": "administrator",
    "polit": "politiker",
    "dpo": "dpo",
}

PUBLIC = {
    "account_login": 200,
    "language": 405,
    "first-use": 409,
    "first-use-link": 302,
    "health-live": 200,
    "health-ready": 200,
}
"""What someone signed out gets there. Without an open link of first use there is nothing to use (409)."""

# Reading. A case that one has no part in does not exist (404), whatever one's role. 302 where sign-in is over and done, and
# where one must first confirm who one is.
READING = """
front                      302 302 302 302 302 302 302 302 302
health-live                200 200 200 200 200 200 200 200 200
health-ready               200 200 200 200 200 200 200 200 200
strategy:interventions     200 200 200 200 200 200 200 200 200
strategy:intervention      200 200 200 200 200 200 200 200 200
strategy:goals             200 200 200 200 200 200 200 200 200
account_login              302 302 302 302 302 302 302 302 302
account                    200 200 200 200 200 200 200 200 200
account_change_password    200 200 200 200 200 200 200 200 200
account_reauthenticate     200 200 200 200 200 200 200 200 200
first-use                  409 409 409 409 409 409 409 409 409
first-use-link             302 302 302 302 302 302 302 302 302
usersessions_list          200 200 200 200 200 200 200 200 200
mfa_index                  200 200 200 200 200 200 200 200 200
mfa_authenticate           302 302 302 302 302 302 302 302 302
mfa_login_webauthn         302 302 302 302 302 302 302 302 302
mfa_reauthenticate         302 302 302 302 302 302 302 302 302
mfa_reauthenticate_webauthn 302 302 302 302 302 302 302 302 302
mfa_activate_totp          302 302 302 302 302 302 302 302 302
mfa_deactivate_totp        302 302 302 302 302 302 302 302 302
mfa_add_webauthn           302 302 302 302 302 302 302 302 302
mfa_edit_webauthn          302 302 302 302 302 302 302 302 302
mfa_remove_webauthn        302 302 302 302 302 302 302 302 302
mfa_view_recovery_codes    302 302 302 302 302 302 302 302 302
mfa_generate_recovery_codes 302 302 302 302 302 302 302 302 302
accounts:list              403 403 403 403 403 403 200 403 403
accounts:new               403 403 403 403 403 403 302 403 403
accounts:roles             403 403 403 403 403 403 404 403 403
agencies:list              403 403 403 403 403 403 200 403 403
agencies:one               403 403 403 403 403 403 404 403 403
agencies:propose           403 403 403 403 403 403 404 403 403
agencies:decide            403 403 403 403 403 403 403 403 403
oversight:overview         403 403 403 403 403 403 403 403 200
oversight:log              403 403 403 403 403 403 403 403 200
oversight:export           403 403 403 403 403 403 403 403 200
oversight:matter           403 403 403 403 403 403 403 403 200
oversight:accesses         403 403 403 403 403 403 403 403 200
oversight:review           403 403 403 403 403 403 403 403 200
sharing:statement          200 404 200 404 404 404 404 404 404
sharing:agreed             200 404 404 404 404 404 404 404 404
sharing:about              200 200 200 404 404 404 404 404 404
sharing:statement-pdf      200 404 200 404 404 404 404 404 404
sharing:letter             404 404 404 404 404 404 404 404 404
sharing:letter-pdf         404 404 404 404 404 404 404 404 404
sharing:law                403 403 403 403 403 403 403 403 403
sharing:try                200 200 200 200 200 200 200 200 200
sharing:provision          403 403 403 403 403 403 403 403 403
sharing:doubt              403 403 403 403 403 403 403 403 403
oversight:openings         403 403 403 403 403 403 403 403 200
oversight:opening          403 403 403 403 403 403 403 403 404
oversight:break-glass      200 200 200 403 200 200 403 403 200
cases:inbox                200 200 200 200 200 200 403 403 403
cases:board                403 403 403 403 200 403 403 403 403
cases:breaches             403 403 403 403 200 403 403 403 403
cases:save-view            200 200 200 200 200 200 403 403 403
cases:digest               200 200 200 200 200 200 403 403 403
requests:inbox             200 200 200 200 200 200 403 403 403
cases:list                 200 200 200 200 200 200 403 403 403
cases:case                 200 200 200 200 200 404 404 404 404
cases:people               200 200 200 200 200 404 404 404 404
cases:person               200 200 200 200 404 404 404 404 404
cases:consent-letter       200 200 200 200 404 404 404 404 404
cases:timeline             200 200 200 200 200 404 404 404 404
cases:tasks                200 200 200 200 200 404 404 404 404
cases:assessments          200 200 200 404 200 404 404 404 404
cases:items                200 200 200 200 200 404 404 404 404
cases:document             200 200 404 404 404 404 404 404 404
cases:document-download    200 200 404 404 404 404 404 404 404
cases:document-version     200 200 404 404 404 404 404 404 404
cases:document-preview     200 200 404 404 404 404 404 404 404
cases:measures             200 200 200 200 200 404 404 404 404
cases:plan                 200 200 200 404 200 404 404 404 404
requests:requests          200 200 200 200 200 404 404 404 404
meetings:meetings          200 200 200 404 200 404 404 404 404
meetings:item              404 404 404 404 404 404 404 404 404
meetings:minutes           404 404 404 404 404 404 404 404 404
cases:sharing              200 200 200 404 200 404 404 404 404
intake:new                 200 200 200 403 200 403 403 403 403
"""

# Forms. 409: permitted, but not at step 8. 404 on a row: the record is not this worker's to see.
FORMS = """
modtag                     409 409 409 403 409 404 404 404 404
til-enheden                409 409 403 403 409 404 404 404 404
droeftelse                 409 403 403 403 409 404 404 404 404
foerste-vurdering          409 409 403 403 403 404 404 404 404
til-anden-vurdering        409 409 409 403 409 404 404 404 404
anden-vurdering            409 409 403 403 403 404 404 404 404
til-opfoelgning            409 403 403 403 403 404 404 404 404
afsluttende-vurdering      200 200 403 403 403 404 404 404 404
ny-indsats                 200 200 200 403 200 404 404 404 404
afslut                     409 403 403 403 409 404 404 404 404
pet                        403 200 403 403 403 404 404 404 404
genaabn                    409 403 403 403 409 404 404 404 404
alvorlighed                200 200 403 403 200 404 404 404 404
lokal-indsats              200 200 403 403 200 404 404 404 404
sagstype                   200 200 403 403 200 404 404 404 404
niveau                     200 200 403 403 200 404 404 404 404
klassifikation             200 200 403 403 200 404 404 404 404
ansvar                     200 200 200 403 200 404 404 404 404
oplysning                  200 200 200 403 200 404 404 404 404
dokument                   200 200 200 403 200 404 404 404 404
moede                      200 200 200 403 200 404 404 404 404
opfoelgning                200 200 200 403 200 404 404 404 404
opfoelgning-enhed          200 200 200 403 200 404 404 404 404
aftale                     200 200 200 403 404 404 404 404 404
aftale-holdt               200 404 404 403 404 404 404 404 404
kontakt                    200 200 200 403 200 404 404 404 404
beslutning                 200 200 200 403 200 404 404 404 404
indskaerpelse-svar         200 404 404 403 404 404 404 404 404
alarm                      200 200 200 403 200 404 404 404 404
afslut-alarm               200 200 200 403 200 404 404 404 404
person                     200 200 200 403 200 404 404 404 404
relation                   200 200 200 403 200 404 404 404 404
samtykke                   200 200 200 403 404 404 404 404 404
samtykke-traek             200 404 404 403 404 404 404 404 404
orientering                200 200 200 403 404 404 404 404 404
opgave                     200 200 200 403 200 404 404 404 404
opgave-udfoert             200 200 200 403 200 404 404 404 404
laest                      200 200 200 403 200 404 404 404 404
procedure                  200 200 200 403 200 404 404 404 404
journal                    200 200 200 403 200 404 404 404 404
frist-bero                 200 200 200 403 200 404 404 404 404
frist-genoptag             200 200 200 403 200 404 404 404 404
frist-begrund              200 200 200 403 200 404 404 404 404
frist-gjort                200 200 200 403 200 404 404 404 404
tilbud                     200 403 403 403 403 404 404 404 404
svar                       200 403 403 403 403 404 404 404 404
begynd-forloeb             200 403 403 403 403 404 404 404 404
forloeb                    200 403 403 403 403 404 404 404 404
log                        403 403 403 200 403 404 404 404 404
afgoerelse                 200 200 200 403 200 404 404 404 404
foraeldrekontakt           200 200 200 403 200 404 404 404 404
brev                       200 200 200 403 200 404 404 404 404
traek-brev                 404 404 404 403 404 404 404 404 404
tvivl                      200 200 200 403 200 404 404 404 404
tvivl-afklaret             200 200 200 403 200 404 404 404 404
givet-mundtligt            200 200 200 403 200 404 404 404 404
spoerg                     200 200 200 403 200 404 404 404 404
besvar                     404 404 404 403 404 404 404 404 404
afslaa                     404 404 404 403 404 404 404 404 404
traek-anmodning            404 404 404 403 404 404 404 404 404
dagsorden                  200 200 403 403 200 404 404 404 404
fortael                    404 404 404 403 404 404 404 404 404
referat                    404 403 403 403 404 404 404 404 404
ret-referat                404 404 404 403 404 404 404 404 404
videregiv                  200 200 200 403 200 404 404 404 404
traek-tilbage              200 200 200 403 200 404 404 404 404
optag-myndighed            200 200 200 403 200 404 404 404 404
giv-adgang                 200 200 200 403 200 404 404 404 404
luk-adgang                 200 200 200 403 200 404 404 404 404
afslut-deltagelse          200 200 200 403 200 404 404 404 404
skift-leder                200 200 200 403 200 404 404 404 404
laas                       200 200 403 403 200 404 404 404 404
laas-op                    200 200 403 403 200 404 404 404 404
ret                        200 404 404 403 404 404 404 404 404
uddrag                     200 404 404 403 404 404 404 404 404
forkert-person             200 200 200 403 200 404 404 404 404
forkert-sag                200 200 200 403 200 404 404 404 404
samme-person               200 200 200 403 200 404 404 404 404
samme-person-svar          200 200 200 403 200 404 404 404 404
samme-person-fortryd       200 200 200 403 200 404 404 404 404
ret-dokument               200 403 404 403 404 404 404 404 404
dokument-forkert-sag       200 403 404 403 404 404 404 404 404
ret-person                 200 200 200 403 200 404 404 404 404
"""

# Addresses that only take a POST: what a POST without content answers.
POSTING = """
account_logout             302 302 302 302 302 302 302 302 302
session                    204 204 204 204 204 204 204 204 204
end-session                404 404 404 404 404 404 404 404 404
accounts:renew             403 403 403 403 403 403 404 403 403
agencies:withdraw          403 403 403 403 403 403 404 403 403
accounts:suspend           403 403 403 403 403 403 404 403 403
accounts:reactivate        403 403 403 403 403 403 404 403 403
oversight:reason           403 403 403 403 403 403 403 403 404
oversight:close-opening    403 403 403 403 403 403 403 403 404
oversight:close-own        302 302 302 403 302 302 403 403 302
language                   302 302 302 302 302 302 302 302 302
cases:search               200 200 200 200 200 200 403 403 403
cases:drop-view            404 404 404 404 404 404 403 403 403
cases:cpr                  404 404 404 404 404 404 404 404 404
intake:draft               204 204 204 403 204 403 403 403 403
"""


def rows(table: str) -> dict[str, dict[str, int]]:
    """Address → column → status."""
    return {
        name: dict(zip(COLUMNS, (int(code) for code in codes), strict=True))
        for name, *codes in (line.split() for line in table.strip().splitlines())
    }
