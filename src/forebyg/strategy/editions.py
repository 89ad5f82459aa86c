"""A pack as the content of an edition, and back."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from forebyg.strategy.schema import Pack

Content = dict[str, Any]


def content_of(pack: Pack) -> Content:
    """The pack as plain JSON values. What equals its default is left out, so a later schema with more keys gives the same."""
    content: Content = pack.model_dump(mode="json", exclude_defaults=True)
    return content


def hash_of(content: Content) -> str:
    """SHA-256 in hex of the canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def pack_from(content: Content) -> Pack:
    """The pack of an edition. Raises pydantic's ValidationError if the schema no longer reads it."""
    return Pack.model_validate_json(json.dumps(content))
