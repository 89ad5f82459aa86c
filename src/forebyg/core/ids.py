"""Ids are drawn in the application, before the insert, so that a row can be sealed before it exists."""

from __future__ import annotations

import uuid

import uuid_utils


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): sortable by time of creation, unguessable in its last 74 bits."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)
