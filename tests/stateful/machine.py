"""The machine: draws deeds, mostly possible ones, does each in the oracle's world and in the product, and compares."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.db import Error, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from tests.stateful.comparing import Comparison
from tests.stateful.oracle.deeds import FORBIDDEN, HIDDEN, NOT_NOW, Refused, do, is_possible
from tests.stateful.oracle.facts import ENDED, Matter, Record, World
from tests.stateful.oracle.may import MAY, works_in_cases
from tests.stateful.product import asking, clocks, guarding, measures, noting, sharing, steps
from tests.stateful.product.hands import Hands

from forebyg.access.models import Worker
from forebyg.core.errors import ForebygError, NotPermitted, NotVisible, RuleBroken

Data = st.DataObject
One = TypeVar("One")
Sight = frozenset[Any]
Look = Callable[[str], None]
BEGINNING = datetime.datetime(2016, 3, 1, 8, tzinfo=datetime.UTC)
HANDS_OF = (asking, clocks, guarding, measures, noting, sharing, steps)
"""The modules that put what the product does into its book."""
WORKERS = tuple(MAY)
CASE_WORKERS = tuple(who for who in WORKERS if works_in_cases(who))
APPLICATION_EVERY = 8
"""Accepted deeds between two looks through the application, which cost more; at what PostgreSQL shows it looks after each."""
EVERYONE_EVERY = 20
"""Of so many looks one is at everybody, not only at those for whom something changed and one more."""

_REFUSALS: dict[str, tuple[type[Exception], ...]] = {
    HIDDEN: (NotVisible,),
    FORBIDDEN: (NotPermitted, Error),
    NOT_NOW: (RuleBroken, NotVisible),
}
"""How the product says the oracle's three kinds of no. `Error`: PostgreSQL itself, where a deed is raw SQL."""


class Machine(RuleBasedStateMachine):
    """One example: a world that begins empty, in a transaction that is rolled back."""

    cast: ClassVar[dict[str, Worker]]
    sweep: ClassVar[Callable[[], None]]
    accepted: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.world = World(BEGINNING)
        self.hands = Hands(self.cast, self.world)
        self.comparison = Comparison(self.hands, self.world)
        self.last_sight: dict[tuple[str, str], Sight] = {}
        self.done = 0
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.hands.set_time()

    def teardown(self) -> None:
        """Leave nothing behind."""
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)
        type(self).sweep()

    # Doing

    def pass_time(self, time: datetime.timedelta) -> None:
        """It becomes later, for both."""
        self.world.now += time
        self.hands.set_time()

    def do(self, name: str, who: str, matter: Matter | None, **given: Any) -> bool:
        """Do it on both sides, which must agree on whether it is possible and on all that follows. Whether it was."""
        self.pass_time(datetime.timedelta(seconds=1))
        try:
            do(self.world, name, who, matter, **given)
        except Refused as refusal:
            self._is_refused(refusal.how, name, who, matter, **given)
            return False
        try:
            self.hands.do(name, who, matter, **given)
        except ForebygError as error:
            raise AssertionError(f"{name} by {who} was refused: {type(error).__name__}") from error
        type(self).accepted[name] += 1
        self.compare(self.world.births)
        return True

    def _is_refused(self, how: str, name: str, who: str, matter: Matter | None, **given: Any) -> None:
        """The product refuses in the same way, and nothing of it is left, as after a request (`access.middleware.Errors`)."""
        try:
            with transaction.atomic():
                self.hands.do(name, who, matter, **given)
        except _REFUSALS[how]:
            type(self).refused[name] += 1
        else:
            raise AssertionError(f"{name} by {who} was let through; it should be {how}")
        self.comparison.with_everything([])

    def compare(self, births: Iterable[Any] = ()) -> None:
        """All rows; then by each way of looking what those see for whom something changed, and one more in turn."""
        self.comparison.with_everything(births)
        self.done += 1
        sights = {who: self.comparison.sight(who) for who in WORKERS}
        for look, every in ((self.comparison.by_sql, 1), (self.comparison.by_application, APPLICATION_EVERY)):
            if self.done % every == 0:
                self._look(look, sights, number=self.done // every)

    def _look(self, look: Look, sights: Mapping[str, Sight], *, number: int) -> None:
        everyone, in_turn = number % EVERYONE_EVERY == 0, WORKERS[number % len(WORKERS)]
        for who, sight in sights.items():
            if everyone or who == in_turn or sight != self.last_sight.get((look.__name__, who), frozenset()):
                look(who)
            self.last_sight[look.__name__, who] = sight

    # Drawing

    def try_out(self, data: Data, name: str, matter: Matter | None, **given: Any) -> bool:
        """A deed by someone who may do it now, now and then by anybody. Whether it was done."""
        able = [who for who in WORKERS if is_possible(self.world, name, who, matter, **given)]
        is_wild = data.draw(st.integers(0, 9)) == 9
        if not able and not is_wild:
            return False
        return self.do(name, self.one_of(data, WORKERS if is_wild else able), matter, **given)

    @staticmethod
    def one_of(data: Data, choices: Sequence[One]) -> One:
        """One of them."""
        return data.draw(st.sampled_from(choices))

    @staticmethod
    def some_of(data: Data, choices: Sequence[One], *, least: int = 0) -> list[One]:
        """Some of them, each once."""
        if not choices:
            return []
        return data.draw(st.lists(st.sampled_from(choices), unique_by=id, min_size=least, max_size=3))

    def a_matter(self, data: Data) -> Matter:
        """One of the matters, mostly the youngest that goes on."""
        under_way = [matter for matter in self.world.matters if matter.step != ENDED]
        is_any = data.draw(st.integers(0, 3)) == 3
        return self.one_of(data, self.world.matters if is_any or not under_way else under_way[-1:])

    def any_record(self, data: Data, table: str) -> Record | None:
        """A record of this kind, mostly one of the last."""
        there = [one for matter in self.world.matters for one in matter.of(table)]
        return self.one_of(data, there[-4:] if data.draw(st.integers(0, 3)) else there) if there else None

    def may(self, who: str) -> frozenset[str]:
        """What a worker may ever do."""
        return MAY[who]

    def is_possible(self, name: str, who: str, matter: Matter, **given: Any) -> bool:
        """Whether the oracle would accept it."""
        return is_possible(self.world, name, who, matter, **given)
