"""Makes `docs/actors.md` from `docs/actors.yaml`: run `python -m tests.architecture.actors_page` after a change."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "docs/actors.yaml"
PAGE = ROOT / "docs/actors.md"

Place = Literal["controller", "agency", "person-role", "published-reports", "never"]

_HEADINGS: dict[Place, tuple[str, str]] = {
    "controller": (
        "Controllers (dataansvarlige)",
        "Legal data controllers. One with a seat takes it itself, as an agency of the same name.",
    ),
    "agency": (
        "Agencies (myndigheder)",
        "Own what they record, and receive only what another owner discloses to them.",
    ),
    "person-role": (
        "Person roles",
        "What a person is, not who receives: a worker sees through the home agency and a grant; "
        "a citizen or relative has rights, not an account.",
    ),
    "published-reports": (
        "Only published reports",
        "Figures and published content; nothing about a person.",
    ),
    "never": (
        "Never a recipient",
        "No seat, no account and no data about a person from the system.",
    ),
}
_PREFACE = """# Actors

Where each actor of the strategy pack `{pack}` stands in the system, and why. Each stands in one place only.

Made from `docs/actors.yaml` by `python -m tests.architecture.actors_page`; a test compares the two.
"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(_Strict):
    """The name in Danish and English."""

    da: str
    en: str


class Actor(_Strict):
    """One actor of the pack and its place. `docs/actors.yaml` explains the fields."""

    id: str
    name: Name
    place: Place
    reason: str
    controller: str | None = None
    agency: str | None = None
    seat: Literal["permanent", "ad-hoc", "key-staff", "secretariat", "none"] | None = None
    demo: bool = False
    collective: bool = False
    assumed: str | None = None


class Actors(_Strict):
    """The whole file: the pack it belongs to and its actors, in the pack's order."""

    pack: str
    actors: tuple[Actor, ...]


def read_actors(path: Path = SOURCE) -> Actors:
    """The mapping as it stands in the file. Raises `pydantic.ValidationError` on a field it does not know."""
    return Actors.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def render(actors: Actors) -> str:
    """The page as Markdown: one table for each place."""
    parts = [_PREFACE.format(pack=actors.pack)]
    for place, (heading, sentence) in _HEADINGS.items():
        standing = [actor for actor in actors.actors if actor.place == place]
        rows = [_row(actor) for actor in standing]
        parts.append(
            f"## {heading}: {len(standing)}\n\n{sentence}\n\n"
            "| id | Danish | English | of | seat | demo | why |\n|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


def _row(actor: Actor) -> str:
    of = actor.controller or actor.agency or ""
    reason = actor.reason + (f" *{actor.assumed}*" if actor.assumed else "")
    cells = (
        f"`{actor.id}`",
        actor.name.da,
        actor.name.en,
        f"`{of}`" if of else "",
        actor.seat or "",
        "yes" if actor.demo else "",
        reason,
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(render(read_actors()), encoding="utf-8")
