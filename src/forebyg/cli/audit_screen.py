"""What the operator sees of a verification."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from forebyg.audit.proof_files import ProofFile
from forebyg.audit.verification import MOST_LISTED, Finding, Kind, Report

_WHAT = {
    Kind.CHANGED: "ændret / changed",
    Kind.REMOVED: "fjernet / removed",
    Kind.ADDED: "føjet til / added",
    Kind.REORDERED: "flyttet / reordered",
    Kind.TREE: "træet passer ikke / the tree does not fit",
    Kind.SIGNATURE: "underskriften passer ikke / the signature does not fit",
    Kind.REWRITTEN: "skrevet om siden det gemte hoved / rewritten since the kept head",
}


@contextlib.contextmanager
def progress(size: int) -> Iterator[Callable[[int], None]]:
    """A bar over so many leaves, on standard error; yields what to tell the number read to."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, refresh_per_second=5) as bar:
        task = bar.add_task("Efterprøver / verifying", total=size)
        yield lambda leaves: bar.advance(task, leaves)


def tell(report: Report, *, kept: int) -> None:
    """What was found, or that nothing was."""
    console = Console(highlight=False, soft_wrap=True)
    for finding in report.findings:
        console.print(_line(finding), markup=False)
    number = report.counts.total()
    if number > len(report.findings):
        console.print(f"… kun de første {MOST_LISTED} af {number} er vist / only the first are shown")
    console.print(
        f"{report.sealed} plomberede hændelser, {report.heads} hoveder, {kept} gemte hoveder; "
        f"{report.unsealed} venter på plombering, om dem kan intet siges endnu. / "
        f"{report.sealed} sealed events, {report.heads} heads, {kept} kept heads; "
        f"{report.unsealed} wait for their seal, nothing can be said of them yet."
    )
    if not kept:
        console.print(
            "Uden et hoved, der har været gemt et andet sted (--against), ses det ikke, om alt er skrevet om og underskrevet "
            "igen. / Without a head that was kept elsewhere (--against) it can't be seen whether all was rewritten and signed again."
        )
    console.print(
        "Loggen er, som den blev skrevet. / The ledger is as it was written."
        if report.is_sound
        else f"LOGGEN ER ÆNDRET: {number} fund. / THE LEDGER WAS ALTERED: {number} findings."
    )


def tell_proof(proof: ProofFile, faults: list[str]) -> None:
    """The event that the proof is about, and whether the proof holds."""
    console = Console(highlight=False, soft_wrap=True)
    if not faults:
        for name, value in json.loads(proof.event).items():
            console.print(f"  {name}: {value}", markup=False)
        console.print(f"  plads / position: {proof.position} af / of {proof.head.size}; hoved / head: {proof.head.at} UTC")
    for fault in faults:
        console.print(fault)
    console.print("Beviset holder ikke. / The proof does not hold." if faults else "Beviset holder. / The proof holds.")


def _line(finding: Finding) -> str:
    place = ""
    if finding.first is not None and finding.first != finding.last:
        place = f" plads / position {finding.first}-{finding.last}"
    elif finding.last is not None:
        place = f" plads / position {finding.last}"
    event = f" hændelse / event {finding.event_id}" if finding.event_id else ""
    return f"{_WHAT[finding.kind]}:{place}{event}"
