"""Money, reporting and how the unit works."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Literal, Self

from pydantic import model_validator

from forebyg.strategy.schema.parts import ActorRef, InterventionRef, Item, Line, Noted, Part, TargetRef, Text
from forebyg.strategy.schema.targets import Cadence


class YearTotal(Part):
    """The municipal total of one year, in the currency of the budget."""

    year: int
    total: Decimal


class YearAmount(Part):
    """The amount of one line in one year."""

    year: int
    amount: Decimal


class Years(Part):
    """First and last year, both included."""

    first_year: int
    last_year: int


class BudgetLine(Item):
    """A line of money. `total` null means that the document names no amount, which is not zero (A-19)."""

    kind: Literal["budget16", "external"]
    period: Years
    amounts: tuple[YearAmount, ...] = ()
    total: Decimal | None
    approximate: bool = False
    recipient_refs: tuple[ActorRef, ...]
    intervention_refs: tuple[InterventionRef, ...] = ()


class Budget(Noted):
    """The municipal money per year (A-18) with external investment apart (R-225)."""

    currency: Line
    purpose: Text
    year_totals: tuple[YearTotal, ...]
    grand_total: Decimal
    lines: tuple[BudgetLine, ...]

    @model_validator(mode="after")
    def _sums_agree(self) -> Self:
        for line in self.lines:
            amount = sum((year.amount for year in line.amounts), Decimal(0))
            if line.amounts and amount != line.total:
                raise ValueError(f"expected the amounts of {line.id} to add up to {line.total}, found {amount}")
        for year in self.year_totals:
            own = [amount for line in self.lines if line.kind != "external" for amount in line.amounts]
            found = sum((amount.amount for amount in own if amount.year == year.year), Decimal(0))
            if found != year.total:
                raise ValueError(f"expected the lines of {year.year} to add up to {year.total}, found {found}")
        grand = sum((year.total for year in self.year_totals), Decimal(0))
        if grand != self.grand_total:
            raise ValueError(f"expected the years to add up to {self.grand_total}, found {grand}")
        return self


class Reporting(Item):
    """A report somebody owes a committee."""

    from_ref: ActorRef
    to_refs: tuple[ActorRef, ...]
    cadence: Cadence | None
    programme_ref: ActorRef | None = None
    unit: Text | None = None


class Update(Item):
    """When and why the plan is looked at again."""

    cadence: Cadence | None = None
    trigger: Text | None = None
    after: datetime.date | None = None
    programme_ref: ActorRef | None = None
    partner_refs: tuple[ActorRef, ...] = ()
    conditional: bool = False


class UnitPurpose(Item):
    """What the unit is for."""


class UnitTask(Item):
    """A task of the unit."""

    deadline_ref: TargetRef | None = None


class Duty(Item):
    """A duty of the secretariat or of the administration that coordinates."""

    actor_ref: ActorRef


class MeetingPractice(Item):
    """Who meets in the unit and how often."""

    permanent_refs: tuple[ActorRef, ...]
    ad_hoc_refs: tuple[ActorRef, ...]
    key_staff_ref: ActorRef | None = None
    frequency: Cadence | None = None
    body: Text


class CommunicationAudience(Item):
    """A group the communication is for."""

    direction: Literal["external", "internal"]


class CommunicationStrategy(Item):
    """The plan for communication."""

    deadline_ref: TargetRef | None = None
    owner_ref: ActorRef
    aligned_with_ref: ActorRef | None = None
    audiences: tuple[CommunicationAudience, ...]


class LegalMapping(Item):
    """Who examined the legal basis, and with whom."""

    done_by_refs: tuple[ActorRef, ...]
    consulted_refs: tuple[ActorRef, ...]


class Governance(Part):
    """How the effort is steered."""

    reporting: tuple[Reporting, ...] = ()
    updates: tuple[Update, ...] = ()
    unit_purpose: UnitPurpose
    unit_tasks: tuple[UnitTask, ...] = ()
    secretariat_duties: tuple[Duty, ...] = ()
    meeting_practice: MeetingPractice
    communication_strategy: CommunicationStrategy | None = None
    legal_mapping: LegalMapping | None = None
