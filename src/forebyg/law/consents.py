"""Whether the consents on record are enough (B-031): one kind never stands for the other, and a person's last answer counts."""

from __future__ import annotations

from forebyg.law import asking, words
from forebyg.law.asking import Missing
from forebyg.law.facts import Facts
from forebyg.law.schema import ConsentAsked, ConsentRow, ConsentRule

_GUARDIANS = words.CONSENT_GIVERS[1:]


class ConsentTest:
    """One consent that a gate asks for."""

    def __init__(self, asked: ConsentAsked, rules: dict[str, ConsentRule]) -> None:
        self._kind: str = asked.kind
        self._rows = rules[asked.rule].rows
        self._depends_on_age = len(self._rows) > 1

    def fault(self, facts: Facts) -> str | None:
        """None when it is enough, else `consent-refused` or `consent-missing`. Raises `Missing`."""
        answers = {consent.by: consent.answer for consent in facts["consents"] if consent.kind == self._kind}
        asks = self._row(facts).asks
        if "a-guardian" in asks:
            return _fault_of_any([answers.get(guardian) for guardian in _GUARDIANS])
        asked = ["citizen"] if "citizen" in asks else []
        if "guardians" in asks:
            asked += _guardians(facts, is_hopeless="citizen" in asks and answers.get("citizen") != "given")
        return _fault_of_all([answers.get(person) for person in asked])

    def _row(self, facts: Facts) -> ConsentRow:
        if not self._depends_on_age:
            return self._rows[0]
        age = asking.number(facts, "subject.age")
        return next(row for row in self._rows if row.age.from_ <= age <= row.age.to)


def _guardians(facts: Facts, *, is_hopeless: bool) -> list[str]:
    count = asking.number(facts, "subject.guardians")
    if count == 0 and not is_hopeless:
        raise Missing("subject.guardians", can_be_assumed=False)  # somebody holds custody of every child
    return list(_GUARDIANS[:count])


def _fault_of_all(answers: list[str | None]) -> str | None:
    if all(answer == "given" for answer in answers):
        return None
    return "consent-refused" if any(answer in ("refused", "withdrawn") for answer in answers) else "consent-missing"


def _fault_of_any(answers: list[str | None]) -> str | None:
    return None if "given" in answers else _fault_of_all(answers)
