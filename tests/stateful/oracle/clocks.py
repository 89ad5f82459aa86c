"""Clocks: the triage clock of R-069 to R-071, and any other deadline (B-010). While a clock stands still no time goes by."""

from __future__ import annotations

import datetime

from tests.stateful.oracle.deeds import Asking, begin, deed, demand
from tests.stateful.oracle.facts import Clock, Matter, Person, Record, World
from tests.stateful.oracle.may import AGENCY

HOURS = {"high": 24, "medium": 48, "low": 72}
"""A-01."""


def stop(clock: Clock, at: datetime.datetime) -> None:
    """Stop a clock; the time that it stood still is not counted against it."""
    if clock.paused is not None:
        clock.due += at - clock.paused
    clock.stopped, clock.paused = at, None


def running(world: World, who: str, matter: Matter, rule: str | None = None) -> list[Clock]:
    """The clocks the worker sees that have not stopped."""
    return [clock for clock in world.clocks(who, matter) if clock.stopped is None and rule in (None, clock.rule)]


def stop_triage(world: World, who: str, matter: Matter) -> None:
    """No deadline runs any more: someone took responsibility, or nothing has to be done."""
    for clock in running(world, who, matter, "triage"):
        stop(clock, world.now)


def is_overdue(world: World, clock: Clock) -> bool:
    """It ran out, and its agency was not told yet."""
    return not (clock.stopped or clock.paused or clock.is_escalated) and clock.due < world.now


def severity(world: World, who: str, matter: Matter) -> str | None:
    """The severity that stands, as far as the worker knows."""
    known = [one.says["value"] for one in world.seen(who, matter, "cases_qualification") if one.says["kind"] == "severity"]
    return known[-1] if known else None


@deed
def qualify(world: World, who: str, matter: Matter, *, kind: str, value: str, about: Person | None) -> Asking:
    """A human choice with its reason (R-025 to R-027). That local action is needed starts the triage clock and asks for a
    severity first (R-070); a running clock follows the severity."""
    begin(world, who, matter, "qualify-concern")
    demand(about is not None or kind != "classification")
    demand(about is None or (about.is_subject and about in world.people(who, matter)))
    earlier = severity(world, who, matter)
    starts = kind == "local-action" and value == "yes" and not running(world, who, matter, "triage")
    demand(earlier or not starts)
    yield
    world.keep(matter, who, "cases_qualification", [about] if about else [], says={"kind": kind, "value": value})
    if starts and earlier:
        received = next((at for name, at in matter.moves if name == "receive"), world.now)
        start = max(world.now, received)
        world.keep_clock(matter, who, "triage", start=start, due=start + datetime.timedelta(hours=HOURS[earlier]))
    elif kind == "local-action" and value == "no":
        stop_triage(world, who, matter)
    elif kind == "severity" and earlier:
        for clock in running(world, who, matter, "triage"):
            clock.due += datetime.timedelta(hours=HOURS[value] - HOURS[earlier])


@deed
def take_responsibility(world: World, who: str, matter: Matter) -> Asking:
    """A named authority accepts the case; that stops the triage clock, whoever started it (R-058)."""
    begin(world, who, matter, "take-responsibility")
    yield
    world.keep(matter, who, "cases_decision", world.people(who, matter))
    stop_triage(world, who, matter)


@deed
def pause(world: World, who: str, matter: Matter, *, clock: Clock) -> Asking:
    """Let a clock stand still."""
    begin(world, who, matter, "explain-breach", after_end=True)
    demand(clock in running(world, who, matter) and clock.paused is None)
    yield
    clock.paused = world.now


@deed
def resume(world: World, who: str, matter: Matter, *, clock: Clock) -> Asking:
    """Let it run on; the deadline moves by the time it stood still."""
    begin(world, who, matter, "explain-breach", after_end=True)
    demand(clock in running(world, who, matter) and clock.paused is not None)
    yield
    if clock.paused is not None:
        clock.due, clock.paused = clock.due + (world.now - clock.paused), None


@deed
def explain(world: World, who: str, matter: Matter, *, clock: Clock) -> Asking:
    """Say why a deadline was not kept: only a breach is explained (R-071)."""
    begin(world, who, matter, "explain-breach", after_end=True)
    demand(clock in world.clocks(who, matter) and (clock.stopped or clock.paused or world.now) > clock.due)
    yield
    world.keep(matter, who, "cases_decision", clock.about)
    clock.is_explained = True


@deed
def stop_clock(world: World, who: str, matter: Matter, *, clock: Clock) -> Asking:
    """End a follow-up clock; the triage clock stops by responsibility alone."""
    begin(world, who, matter, "follow-up", after_end=True)
    demand(clock in running(world, who, matter) and clock.rule != "triage")
    yield
    stop(clock, world.now)


@deed
def escalate(world: World, _who: str, _matter: None) -> Asking:
    """The job of every minute: the agency of a clock that ran out gets a task to act or explain, once."""
    yield
    for matter in world.matters:
        for clock in list(matter.of("cases_clock")):
            if is_overdue(world, clock):
                clock.is_escalated = True
                world.keep_task(matter, clock.owner, "explain-breach", clock.owner)


@deed
def add_task(world: World, who: str, matter: Matter, *, to: str, text: str) -> Asking:
    """A task for the own agency in words, for another that sits at the matter without a word about a person."""
    begin(world, who, matter, "write-record")
    demand(to in matter.admitted)
    demand(bool(text) == (to == AGENCY[who]))
    yield
    world.keep_task(matter, AGENCY[who], "do" if to == AGENCY[who] else "contact", to)


@deed
def complete_task(world: World, who: str, matter: Matter, *, task: Record) -> Asking:
    """A task of the own agency is done; the work of a step by its move alone."""
    begin(world, who, matter, "write-record", after_end=True)
    demand(world.sees(who, task) and task.matter is matter)
    demand(task.says["assigned"] == AGENCY[who] and not task.says["done"] and task.says["kind"] != "step")
    yield
    task.says["done"] = True
