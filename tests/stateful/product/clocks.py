"""Clocks and tasks, by the actions and the job."""

from __future__ import annotations

from django.db import connection
from tests.stateful.oracle.facts import Clock, Person, Record
from tests.stateful.product.hands import WORDS, Acting, Hands, hand

from forebyg.access.tests.rows import session_of
from forebyg.cases.actions import assessing, noting, triage


@hand
def qualify(hands: Hands, acting: Acting, *, kind: str, value: str, about: Person | None) -> None:
    assessing.qualify(**acting, kind=kind, value=value, reason=WORDS, about=about.root if about else None)


@hand
def take_responsibility(hands: Hands, acting: Acting) -> None:
    triage.take_responsibility(**acting, text=WORDS, happened_at=hands.world.now)


@hand
def pause(hands: Hands, acting: Acting, *, clock: Clock) -> None:
    triage.pause_clock(**acting, clock=clock.root, reason=WORDS)


@hand
def resume(hands: Hands, acting: Acting, *, clock: Clock) -> None:
    triage.resume_clock(**acting, clock=clock.root)


@hand
def explain(hands: Hands, acting: Acting, *, clock: Clock) -> None:
    triage.explain_breach(**acting, clock=clock.root, reason=WORDS)


@hand
def stop_clock(hands: Hands, acting: Acting, *, clock: Clock) -> None:
    triage.stop_clock(**acting, clock=clock.root)


@hand
def escalate(hands: Hands, acting: Acting) -> None:
    with session_of("forebyg_worker"), connection.cursor() as cursor:
        cursor.callproc("cases_escalate_overdue")


@hand
def add_task(hands: Hands, acting: Acting, *, to: str, text: str) -> None:
    noting.add_task(**acting, assigned_to=hands.agencies[to], text=text, due_at=None)


@hand
def complete_task(hands: Hands, acting: Acting, *, task: Record) -> None:
    noting.complete_task(**acting, root=task.root)
