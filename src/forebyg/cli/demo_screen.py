"""What the operator of the demo sees in the terminal."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from forebyg.cli.demo import Demo
from forebyg.cli.supervisor import StopAsked, StopSignals


def run(folder: Path, *, port: int, fresh: bool) -> None:
    """Run the demo until Ctrl-C or SIGTERM. Raises `ForebygError` when it cannot."""
    console = Console(highlight=False, soft_wrap=True)
    began = time.monotonic()
    with StopSignals() as signals:
        demo = Demo(folder, port=port, tell=console.print, glance=signals.glance)
        try:
            demo.start(fresh=fresh)
            _welcome(console, demo, asked_port=port, seconds=time.monotonic() - began)
            demo.watch()
        except StopAsked:
            console.print("Demoen stopper … / The demo stops …")
        finally:
            demo.stop()


def _welcome(console: Console, demo: Demo, *, asked_port: int, seconds: float) -> None:
    if demo.port != asked_port:
        console.print(f"Port {asked_port} er optaget. / Port {asked_port} is taken.")
    console.print(f"\n[bold]Forebyg[/bold] er klar / is ready ({seconds:.1f} s): [bold]{demo.address}[/bold]\n")
    sign_ins = demo.sign_ins()
    table = Table(box=None, pad_edge=False)
    table.add_column("Medarbejder / worker")
    table.add_column("E-mail")
    for person in sign_ins["people"]:
        table.add_row(person["name"], person["address"])
    console.print(table)
    console.print(f"\nAdgangskode for alle / password for all: [bold]{sign_ins['password']}[/bold]")
    console.print("Alle oplysninger er opdigtede. / All information is invented.")
    console.print(f"Log: {demo.log_of('web')}")
    console.print(
        "Stop med Ctrl-C; næste gang fortsætter demoen, hvor den slap. / Stop with Ctrl-C; the demo resumes next time.\n"
    )
