"""Gates made ready to be asked: each tells whether it is about a question, and if so, what is wanting."""

from __future__ import annotations

import datetime
from typing import Protocol

from forebyg.law import asking, words
from forebyg.law.consents import ConsentTest
from forebyg.law.facts import Facts
from forebyg.law.schema import (
    AgeRange,
    Condition,
    ConsentAsked,
    ConsentRule,
    ExchangeGate,
    MeasureGate,
    Pack,
    Persons,
    Provision,
)
from forebyg.law.tokens import token, tokens

NOT_CONCERNED = "not concerned"
"""Instead of a reason: the gate is not about such a question."""


class Gate(Protocol):
    """A gate of a provision. `fault` gives None when it carries what is asked, the reason why not, or `NOT_CONCERNED`."""

    provision: Provision
    forums: tuple[str, ...]
    keeps_forum: bool
    conditions: tuple[Condition, ...]
    first: datetime.date
    last: datetime.date

    def fault(self, facts: Facts) -> str | None:
        """Raises `Missing` when it depends on a fact that is missing."""


def party_token(facts: Facts, party: str) -> str:
    """The party as one word. Raises `Missing`."""
    kind = asking.text(facts, f"{party}.kind")
    return token(kind, public_task=kind not in words.ON_PUBLIC_TASK or asking.yes(facts, f"{party}.public_task"))


class Cooperations:
    """The forums of a pack: who takes part, what for, about whom, and the doubts about it."""

    def __init__(self, pack: Pack) -> None:
        self._forums = {forum.id: forum for forum in pack.forums}
        self._members = {forum.id: tokens(forum.members) for forum in pack.forums}
        self._doubt_about = {kind: doubt.id for doubt in pack.doubts for kind in doubt.forum_members}

    def fault(self, facts: Facts, forum: str) -> str | None:
        """None when both take part in the forum of the exchange and it is for its purposes; nothing flows from another (A-11)."""
        seats = [self.seat(facts, party, forum) for party in ("from", "to")]
        if "not-in-forum" in seats:
            return "not-in-forum"
        if "doubt" in seats:
            return "doubt"
        if asking.text(facts, "purpose") not in self._forums[forum].purposes:
            return "purpose"
        return None if asking.text(facts, "received_under") in (words.NO_FORUM, forum) else "other-forum"

    def seat(self, facts: Facts, party: str, forum: str) -> str | None:
        """None when the party takes part in the forum, else `not-in-forum` or `doubt`."""
        kind = party_token(facts, party)
        doubt = self._doubt_about.get(kind)
        if doubt is None and kind not in self._members.get(forum, ()):
            return "not-in-forum"
        if doubt in facts["refused_clarifications"] or forum not in asking.several(facts, f"{party}.forums"):
            return "not-in-forum"
        return None if doubt is None or doubt in facts["clarified"] else "doubt"

    def is_about(self, facts: Facts, forum: str) -> bool:
        """Whether the forum is about such a person."""
        return is_covered(facts, self._forums[forum].persons)


class ReadyExchangeGate:
    """A gate for exchanges. The parties of `when` are looked at by the law, once for all gates."""

    def __init__(self, pack: Pack, provision: Provision, gate: ExchangeGate, cooperations: Cooperations) -> None:
        self.provision, self._when, self._asks = provision, gate.when, gate.asks
        self.first, self.last = pack.validity(provision)
        self.forums: tuple[str, ...] = gate.when.forums or ()
        self.is_unhindered = gate.asks.unhindered
        self.keeps_forum = gate.asks.passes_on == "recipients-forum"
        self.conditions = (*provision.conditions, *gate.conditions)
        self.step = gate.step
        self._otherwise = gate.otherwise
        self._cooperations = cooperations
        self._from, self._to = tokens(gate.when.from_), tokens(gate.when.to)
        self._either = tokens(gate.when.either)
        self._asked_from = tokens(gate.asks.from_)
        self._no_sender = "police-only" if gate.asks.from_ == ("police",) else "no-basis"
        self._consent = _consent_test(gate.asks.consent, pack)
        self._doubts = {kind: doubt.id for doubt in pack.doubts for kind in doubt.recipients if kind in self._to}

    def is_for(self, sender: str, recipient: str) -> bool:
        """Whether the gate can be about these two at all."""
        return sender in self._from and recipient in self._to and (sender in self._either or recipient in self._either)

    def fault(self, facts: Facts) -> str | None:
        """See `Gate`."""
        if not self._is_concerned(facts):
            return NOT_CONCERNED
        fault = self._wanting(facts)
        if fault is None or fault == "doubt":
            return fault
        return self._otherwise or fault

    def _is_concerned(self, facts: Facts) -> bool:
        when = self._when
        return (
            (when.forums is None or asking.text(facts, "forum") in when.forums)
            and (when.purposes is None or asking.text(facts, "purpose") in when.purposes)
            and (when.triggers is None or (facts["trigger"] and asking.text(facts, "trigger.kind") in when.triggers))
            and (when.age is None or _in_range(facts, when.age))
            and (when.same_controller is None or _same_controller(facts) == when.same_controller)
            and (when.only_categories is None or set(asking.several(facts, "categories")) <= set(when.only_categories))
            and (when.with_category is None or when.with_category in asking.several(facts, "categories"))
        )

    def _wanting(self, facts: Facts) -> str | None:
        asks = self._asks
        if fault := self._cooperations.fault(facts, facts["forum"]) if self.forums else self._passing_on(facts):
            return fault
        if asks.from_ is not None and party_token(facts, "from") not in self._asked_from:
            return self._no_sender
        if asks.purposes is not None and asking.text(facts, "purpose") not in asks.purposes:
            return "purpose"
        if self.forums and not self._cooperations.is_about(facts, facts["forum"]):
            return "not-covered"
        if not is_covered(facts, asks.persons):
            return "not-covered"
        if self._consent is not None and (fault := self._consent.fault(facts)):
            return fault
        if asks.weighing is not None and asking.text(facts, "trigger.weighing") != asks.weighing:
            return "weighing-missing"
        return self._doubt_about_recipient(facts) if self._doubts else None

    def _passing_on(self, facts: Facts) -> str | None:
        """A forum's information stays in it, unless this gate says otherwise (A-11)."""
        if self._asks.passes_on == "anything":
            return None
        under = asking.text(facts, "received_under")
        if under == words.NO_FORUM:
            return None
        if self.keeps_forum and (fault := self._cooperations.seat(facts, "to", under)) in (None, "doubt"):
            return fault
        return "other-forum"

    def _doubt_about_recipient(self, facts: Facts) -> str | None:
        doubt = self._doubts.get(party_token(facts, "to"))
        if doubt is None:
            return None
        if doubt in facts["refused_clarifications"]:
            return "no-basis"
        return None if doubt in facts["clarified"] else "doubt"


class ReadyMeasureGate:
    """A gate for measures."""

    def __init__(self, pack: Pack, provision: Provision, gate: MeasureGate) -> None:
        self.forums: tuple[str, ...] = ()
        self.keeps_forum = False
        self.provision, self._when, self._asks = provision, gate.when, gate.asks
        self.first, self.last = pack.validity(provision)
        self.conditions = (*provision.conditions, *gate.conditions)
        self.measures: tuple[str, ...] = gate.when.measures
        self._when_by, self._asked_by = tokens(gate.when.by), tokens(gate.asks.by)
        self._consent = _consent_test(gate.asks.consent, pack)

    def fault(self, facts: Facts) -> str | None:
        """See `Gate`."""
        when, asks = self._when, self._asks
        if when.by is not None and party_token(facts, "by") not in self._when_by:
            return NOT_CONCERNED
        if when.age is not None and not _in_range(facts, when.age):
            return NOT_CONCERNED
        if when.purposes is not None and asking.text(facts, "purpose") not in when.purposes:
            return NOT_CONCERNED
        if asks.by is not None and party_token(facts, "by") not in self._asked_by:
            return "wrong-authority"
        if asks.age is not None and not _in_range(facts, asks.age):
            return "age"
        if asks.purposes is not None and asking.text(facts, "purpose") not in asks.purposes:
            return "purpose"
        if asks.grounds is not None and not self._has_ground(facts, asks.grounds):
            return "trigger-missing"
        if self._consent is not None and (fault := self._consent.fault(facts)):
            return fault
        return "weighing-missing" if asks.weighing is not None and asking.text(facts, "weighing") != asks.weighing else None

    def _has_ground(self, facts: Facts, listed: tuple[str, ...]) -> bool:
        if facts["grounds"] is not None and not set(listed).isdisjoint(facts["grounds"]):
            return True
        if self._asks.refused_cooperation and asking.text(facts, "cooperation") == "refused":
            return True
        asking.several(facts, "grounds")
        return False


def _consent_test(asked: ConsentAsked | None, pack: Pack) -> ConsentTest | None:
    rules: dict[str, ConsentRule] = {rule.id: rule for rule in pack.consent_rules}
    return ConsentTest(asked, rules) if asked is not None else None


def _in_range(facts: Facts, age: AgeRange) -> bool:
    return age.from_ <= asking.number(facts, "subject.age") <= age.to


def _same_controller(facts: Facts) -> bool:
    """Where a controller is missing, true or false stands for it while the answer is sought: whether it is the other's."""
    sender, recipient = facts["from.controller"], facts["to.controller"]
    for controller in (sender, recipient):
        if isinstance(controller, bool):
            return controller
    return asking.text(facts, "from.controller") == asking.text(facts, "to.controller")


def is_covered(facts: Facts, persons: tuple[Persons, ...] | None) -> bool:
    """Whether the subject is one of these kinds of persons; everybody is, when none are named."""
    return persons is None or any(_is_one_of(facts, kind) for kind in persons)


def _is_one_of(facts: Facts, kind: Persons) -> bool:
    return (
        (kind.custody is None or asking.text(facts, "subject.custody") in kind.custody)
        and (kind.age is None or _in_range(facts, kind.age))
        and (kind.standing is None or asking.text(facts, "subject.standing") in kind.standing)
        and (kind.exposed is None or asking.yes(facts, "subject.exposed") == kind.exposed)
    )
