"""The legal gate as pure rules: may this authority tell that one this about a person, may it do this, and by which provision?

    law = load_law("dk-2026", signed={("rpl-115-1-ssp", "…"): "legal reviewer"})
    finding = law.judge(Exchange(from_=Party(kind="school", …), to=Party(kind="police", …), …))

It knows no database and no clock. Packs in `packs/` hold the law; `docs/law/` shows it.
"""

from forebyg.law.engine import Law, Signatures, load_law
from forebyg.law.facts import Consent, Exchange, FactsInvalid, Measure, Party, Subject, Trigger, exchange_from, measure_from
from forebyg.law.finding import Basis, Finding, Text
from forebyg.law.reading import PackInvalid, pack_ids

__all__ = [
    "Basis",
    "Consent",
    "Exchange",
    "FactsInvalid",
    "Finding",
    "Law",
    "Measure",
    "PackInvalid",
    "Party",
    "Signatures",
    "Subject",
    "Text",
    "Trigger",
    "exchange_from",
    "load_law",
    "measure_from",
    "pack_ids",
]
