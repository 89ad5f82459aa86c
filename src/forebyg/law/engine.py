"""The law of one pack, asked about exchanges and measures."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from forebyg.core.yaml_source import Problem
from forebyg.law import reach, words
from forebyg.law.asking import Missing
from forebyg.law.facts import Exchange, Facts, Measure
from forebyg.law.finding import Basis, Finding, Text
from forebyg.law.gates import NOT_CONCERNED, Cooperations, Gate, ReadyExchangeGate, ReadyMeasureGate, party_token
from forebyg.law.judging import Answer, Values, undecided, whatever_is_missing
from forebyg.law.reading import PACKS, PackInvalid, pack_ids, read_pack
from forebyg.law.schema import Condition, Pack
from forebyg.law.schema import Text as PackText
from forebyg.law.sentences import of_exchange, of_measure

Signatures = Mapping[tuple[str, str], str]
"""Who signed off which provision in which version: (provision, version) → name."""

_FRAME_OF_EXCHANGE = ("from.kind", "to.kind", "purpose", "moment")
_FRAME_OF_MEASURE = ("measure", "by.kind", "moment")
"""Facts without which nothing can be said: whatever else holds, they make a difference."""

_NEAREST = ("not-signed", "not-in-force", "weighing-missing")
"""Reasons of a gate that lacks nothing else; they are told before the reasons of gates that are further off."""

_REMEDIES: dict[str, tuple[str, ...]] = {
    "doubt": ("clarify-doubt",),
    "not-signed": ("sign-provision",),
    "need-missing": ("write-need",),
    "outside-recipient": ("get-consent", "anonymise"),
    "other-forum": ("ask-owner", "get-consent"),
    "not-in-forum": ("get-consent",),
    "not-covered": ("get-consent",),
    "police-only": ("get-consent", "let-police-tell"),
    "purpose": ("get-consent",),
    "consent-missing": ("get-consent",),
    "weighing-missing": ("write-weighing",),
}


class Rules:
    """A pack made ready. It knows no signatures, so it can be shared."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        cooperations = Cooperations(pack)
        self._exchange = [
            [
                ReadyExchangeGate(pack, provision, gate, cooperations)
                for provision in pack.provisions
                for gate in provision.exchange
                if gate.step == step
            ]
            for step in pack.steps
        ]
        self.measures: dict[str, list[Gate]] = {measure: [] for measure in words.MEASURES}
        for provision in pack.provisions:
            for measure_gate in provision.measures:
                ready = ReadyMeasureGate(pack, provision, measure_gate)
                for measure in ready.measures:
                    self.measures[measure].append(ready)
        self.versions = {(provision.id, pack.version(provision)): provision for provision in pack.provisions}
        self.version_of = {id(provision): version for (_, version), provision in self.versions.items()}
        self.values = _values(pack)
        self._routes: dict[tuple[str, str], list[list[ReadyExchangeGate]]] = {}

    def route(self, sender: str, recipient: str) -> list[list[ReadyExchangeGate]]:
        """The gates that can be about these two, step by step."""
        route = self._routes.get((sender, recipient))
        if route is None:
            route = [[gate for gate in step if gate.is_for(sender, recipient)] for step in self._exchange]
            self._routes[sender, recipient] = route
        return route


class Law:
    """A pack with the signatures of one installation. The same question always gives the same finding."""

    def __init__(self, rules: Rules, signed: Signatures) -> None:
        self._rules = rules
        self._signed = {id(rules.versions[key]): name for key, name in signed.items() if key in rules.versions}
        self._bases: dict[int, Basis] = {}

    @property
    def pack(self) -> Pack:
        """What it rests on."""
        return self._rules.pack

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Every (provision, version) of the pack: what there is to sign."""
        return tuple(self._rules.versions)

    def signed(self, signed: Signatures) -> Law:
        """The same law with these signatures and no others; what was signed in another version is not signed (B-028)."""
        return Law(self._rules, signed)

    def signed_throughout(self, name: str) -> Law:
        """The same law with every provision signed by one name: for a demo, a test, or a look ahead."""
        return Law(self._rules, dict.fromkeys(self._rules.versions, name))

    def judge(self, question: Exchange | Measure) -> Finding:
        """The finding on an exchange or a measure."""
        if isinstance(question, Exchange):
            return self._of_exchange(question)
        return self._of_measure(question)

    def _of_exchange(self, exchange: Exchange) -> Finding:
        facts = exchange.as_facts()
        answer = self._answer(facts, self._exchange_answer, _FRAME_OF_EXCHANGE)
        remedies = self._remedies(answer, facts)
        if answer.because == "consent-missing" and self._carried_by_a_forum(facts):
            remedies = ("use-forum", *remedies)
        return self._finding(answer, facts, remedies, of_exchange)

    def _of_measure(self, measure: Measure) -> Finding:
        facts = measure.as_facts()
        answer = self._answer(facts, self._measure_answer, _FRAME_OF_MEASURE)
        return self._finding(answer, facts, self._remedies(answer, facts), of_measure)

    # --- the answer

    def _answer(self, facts: Facts, judge: Callable[[Facts], Answer], frame: tuple[str, ...]) -> Answer:
        """The prohibitions first; then what the frame lacks; then the pack."""
        prohibited = _prohibited(facts)
        if prohibited is not None:
            return Answer("refused", because=prohibited)
        missing = [path for path in frame if facts[path] is None]
        if missing:
            return undecided(missing)
        return whatever_is_missing(judge, facts, self._rules.values)

    def _exchange_answer(self, facts: Facts) -> Answer:
        if not self._is_in_force(facts):
            return _no("not-in-force")
        route = self._rules.route(party_token(facts, "from"), party_token(facts, "to"))
        unhindered = self._first_that_carries([[gate for gate in step if gate.is_unhindered] for step in route], facts)
        if unhindered.outcome == "allowed":
            return unhindered
        if facts["need"] is None:
            raise Missing("need")
        if facts["need"] == "missing":
            return _no("need-missing")
        if facts["doubt"]:
            return _no("doubt")
        return self._first_that_carries(route, facts)

    def _measure_answer(self, facts: Facts) -> Answer:
        if not self._is_in_force(facts):
            return _no("not-in-force")
        meant = facts["provision"]
        gates = [gate for gate in self._rules.measures[facts["measure"]] if meant in (None, gate.provision.id)]
        return self._first_that_carries([gates], facts)

    def _is_in_force(self, facts: Facts) -> bool:
        moment: datetime.date = facts["moment"]
        return self.pack.meta.valid_from <= moment <= (self.pack.meta.valid_to or datetime.date.max)

    def _first_that_carries(self, steps: Iterable[Iterable[Gate]], facts: Facts) -> Answer:
        reasons: list[str] = []
        unsigned: dict[str, None] = {}
        for step in steps:
            carrying = []
            for gate in step:
                fault = self._fault(gate, facts)
                if fault is None:
                    carrying.append(gate)
                elif fault != NOT_CONCERNED:
                    reasons.append(fault)
                    if fault == "not-signed":
                        unsigned[gate.provision.id] = None
            if carrying:
                return Answer("allowed", tuple(carrying))
        return _no(_told(reasons, facts), tuple(unsigned))

    def _fault(self, gate: Gate, facts: Facts) -> str | None:
        fault = gate.fault(facts)
        if fault is not None:
            return fault
        if not gate.first <= facts["moment"] <= gate.last:
            return "not-in-force"
        return None if id(gate.provision) in self._signed else "not-signed"

    # --- what is told beside it

    def _carried_by_a_forum(self, facts: Facts) -> bool:
        """Whether a cooperation of both parties would carry it."""
        shared = set(facts["from.forums"] or ()) & set(facts["to.forums"] or ())
        if facts["forum"] != words.NO_FORUM or not shared:
            return False
        tried = ({**facts, "forum": forum} for forum in words.COOPERATIONS if forum in shared)
        return any(whatever_is_missing(self._exchange_answer, one, self._rules.values).outcome == "allowed" for one in tried)

    def _remedies(self, answer: Answer, facts: Facts) -> tuple[str, ...]:
        if answer.outcome == "undecided":
            return ("state-fact",)
        if answer.because == "not-in-force":
            last = self.pack.meta.valid_to
            return () if last is not None and facts["moment"] > last else ("wait-until-valid",)
        return _REMEDIES.get(answer.because or "", ())

    def _finding(
        self, answer: Answer, facts: Facts, remedies: tuple[str, ...], sentence: Callable[[Finding, Facts], Text]
    ) -> Finding:
        bases = tuple(self._basis(gate, facts) for gate in _one_for_each_provision(answer.gates))
        parts: dict[str, Any] = {
            "outcome": answer.outcome,
            "by": answer.by,
            "because": answer.because,
            "missing": tuple(path for path in facts if path in answer.missing),
            "remedies": remedies,
            "marks": _marks(answer, facts),
            "bases": bases,
            "unconfirmed": tuple(basis.provision for basis in bases if basis.confidence != words.CONFIDENCES[0]),
            "unsigned": answer.unsigned,
            "pack": self.pack.meta.id,
            "pack_version": self.pack.meta.version,
            "moment": facts["moment"],
            "trigger": facts.get("trigger.kind") or "",
        }
        return Finding(**parts, sentence=sentence(Finding(**parts, sentence=_UNSAID), facts))

    def _basis(self, gate: Gate, facts: Facts) -> Basis:
        provision = gate.provision
        return Basis(
            provision=provision.id,
            pack=self.pack.meta.id,
            pack_version=self.pack.meta.version,
            version=self._rules.version_of[id(provision)],
            name=_text(provision.name),
            citation=_text(provision.citation),
            purpose_limit=_text(provision.purpose_limit),
            conditions=tuple(_text(condition) for condition in gate.conditions if _applies(condition, facts)),
            caveats=tuple(map(_text, provision.caveats)),
            confidence=provision.confidence,
            signed_by=self._signed[id(provision)],
        )


def load_law(source: str | Path, *, signed: Signatures | None = None) -> Law:
    """The law of a pack that comes with Forebyg, by its id, or of a file. Without signatures it carries nothing.

    Raises `PackInvalid` with everything that is wrong in the file.
    """
    if isinstance(source, Path):
        return Law(Rules(read_pack(source)), signed or {})
    return Law(rules_of(source), signed or {})


@functools.cache
def rules_of(pack_id: str) -> Rules:
    """A pack that comes with Forebyg, made ready once. Raises `PackInvalid` when there is none of that id."""
    if pack_id not in pack_ids():
        raise PackInvalid([Problem(pack_id, 1, "", f"expected one of {', '.join(pack_ids())}, or the path of a file")])
    return Rules(read_pack(PACKS / f"{pack_id}.yaml"))


_UNSAID = Text("", "")


def _prohibited(facts: Facts) -> str | None:
    """What no pack can allow: anything for investigation, and anything to or from the intelligence service (A-12)."""
    if facts.get("purpose") == words.INVESTIGATION:
        return "investigation"
    if words.PET in (facts.get("from.kind"), facts.get("to.kind"), facts.get("by.kind")):
        return "pet"
    return None


def _no(reason: str, unsigned: tuple[str, ...] = ()) -> Answer:
    return Answer("blocked" if reason in words.BLOCKING else "refused", because=reason, unsigned=unsigned)


def _told(reasons: list[str], facts: Facts) -> str:
    """The one reason: the nearest, else the first. What another forum told, and nothing lets on, is refused for that (A-11)."""
    near = next((near for near in _NEAREST if near in reasons), None)
    if near is not None or not reasons:
        return near or "no-basis"
    if reasons[0] in ("consent-missing", "consent-refused") and facts.get("received_under", words.NO_FORUM) != words.NO_FORUM:
        return "other-forum"
    return reasons[0]


def _marks(answer: Answer, facts: Facts) -> tuple[str, ...]:
    """What follows the information: the purpose mark, and the forum that it belongs to (R-082)."""
    if not answer.gates or "received_under" not in facts:
        return ()
    under = facts["received_under"]
    marks: dict[str, None] = {mark: None for gate in answer.gates for mark in gate.provision.marks}
    if under != words.NO_FORUM:
        marks[words.NOT_FOR_INVESTIGATION] = None
    for gate in answer.gates:
        forum = facts["forum"] if gate.forums else under if gate.keeps_forum else words.NO_FORUM
        if forum in words.COOPERATIONS:
            marks[f"forum:{forum}"] = None
    return tuple(marks)


def _one_for_each_provision(gates: tuple[Gate, ...]) -> list[Gate]:
    return list({gate.provision.id: gate for gate in reversed(gates)}.values())[::-1]


def _applies(condition: Condition, facts: Facts) -> bool:
    age = facts["subject.age"]
    return condition.age is None or age is None or condition.age.from_ <= age <= condition.age.to


def _text(text: PackText) -> Text:
    return Text(text.da, text.en)


def _values(pack: Pack) -> Values:
    """The values that a missing fact may have. Of a controller: whether it is the other party's; a child has holders of custody."""
    parties = ("from", "to", "by")
    return {
        **{f"{party}.public_task": (True, False) for party in parties},
        **{f"{party}.controller": (True, False) for party in parties},
        **{f"{party}.forums": (words.COOPERATIONS, ()) for party in parties},
        "subject.age": reach.age_classes(pack),
        "subject.custody": words.CUSTODIES,
        "subject.standing": words.STANDINGS,
        "subject.exposed": (True, False),
        "subject.guardians": (1, 2),
        "purpose": words.PURPOSES,
        "forum": words.FORUMS,
        "received_under": words.FORUMS,
        "categories": [(category,) for category in words.CATEGORIES],
        "trigger.kind": words.TRIGGERS,
        "trigger.weighing": words.WRITTEN,
        "need": words.WRITTEN,
        "cooperation": words.COOPERATION,
        "weighing": words.WRITTEN,
        "grounds": [(), *((ground,) for ground in words.GROUNDS)],
    }
