"""The finding that stands in front of every disclosure. Until the legal gate exists it is chosen by hand and unsigned."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """Why information may be told: the provision that the worker points to, under which forum. Nobody has signed it off."""

    basis: str
    forum: str
    status: Literal["demo, unsigned"] = "demo, unsigned"

    def as_json(self) -> dict[str, str]:
        """As it is kept with the disclosure."""
        return asdict(self)


SAME_CONTROLLER = Finding(basis="same-controller", forum="own")
"""Between agencies of one controller: need to know, with its reason."""
