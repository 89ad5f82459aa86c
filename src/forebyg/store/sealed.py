"""Sealed fields: text that PostgreSQL never sees in clear.

AES-256-GCM with the data key of the record; the associated data `table|row|field` ties each value to its place, so a
sealed value moved to another row does not open. About 2 µs a field. Values come from the database as `Sealed` and are
opened a page at a time by `open_sealed`, which reads the page's keys in one query.
"""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from forebyg.store.keys import NONCE_BYTES, KeyDestroyed, KeyStore
from forebyg.store.own_key_store import open_own_key_store


@functools.cache
def key_store() -> KeyStore:
    """The key store of this process. Raises `KeyStoreUnavailable` when it is not the database's."""
    return open_own_key_store(settings.FOREBYG.data_folder / "keys")


class Sealed(bytes):
    """A value as it lies in the database. Showing it is a mistake: open the page's rows first."""

    def __str__(self) -> str:
        raise KeyDestroyed("Indholdet er forseglet og ikke åbnet.")


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Text that is sealed when the row is written. The model needs `id` and a `key_id` (see `SealedModel`)."""

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:
        value = getattr(model_instance, self.attname)
        if isinstance(value, Sealed):
            return bytes(value)
        if not isinstance(model_instance, SealedModel):
            raise TypeError("a sealed field needs a SealedModel")
        return model_instance.seal(self.attname, value or "")

    def deconstruct(self) -> Any:
        """The plain field: migrations import no application code."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs

    def from_db_value(self, value: bytes | memoryview | None, *_: object) -> Sealed | None:
        """The stored bytes, still sealed."""
        return None if value is None else Sealed(value)


class KeyIdField(models.UUIDField):  # type: ignore[type-arg]  # not subscriptable at run time
    """The id of a row's data key. Drawn when the row is first written, before its sealed fields are."""

    def pre_save(self, model_instance: models.Model, add: bool) -> uuid.UUID | None:
        """Draw the key of a row that has something to seal."""
        if isinstance(model_instance, SealedModel) and sealed_fields(type(model_instance)):
            model_instance.draw_key()
        key_id: uuid.UUID | None = getattr(model_instance, self.attname)
        return key_id

    def deconstruct(self) -> Any:
        """The plain field: migrations import no application code."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.UUIDField", args, kwargs


class SealedModel(models.Model):
    """A row with one data key for all its sealed fields."""

    id: models.UUIDField  # type: ignore[type-arg]
    key_id = KeyIdField(null=True, editable=False)

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._data_key: bytes | None = None

    def draw_key(self) -> None:
        """Give the row its data key, if it has none yet."""
        if self.key_id is None:
            self.key_id, self._data_key = key_store().draw()

    def seal(self, field: str, text: str) -> bytes:
        """Seal a text for this row and field. Raises `KeyDestroyed` when the row's key is gone."""
        self.draw_key()
        if self._data_key is None:
            self._data_key = self._known_key(self.key_id)
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._data_key).encrypt(nonce, text.encode(), self._place(field))

    def open(self, keys: dict[uuid.UUID, bytes]) -> None:
        """Replace the sealed values by text, or by None where the key was destroyed."""
        self._data_key = keys.get(self.key_id)
        for field in sealed_fields(type(self)):
            value = self.__dict__.get(field)
            if isinstance(value, Sealed):
                text = None
                if self._data_key is not None:
                    text = AESGCM(self._data_key).decrypt(value[:NONCE_BYTES], value[NONCE_BYTES:], self._place(field)).decode()
                setattr(self, field, text)

    @staticmethod
    def _known_key(key_id: uuid.UUID) -> bytes:
        key = key_store().read([key_id]).get(key_id)
        if key is None:
            raise KeyDestroyed("Nøglen til indholdet er slettet, så det kan ikke ændres.")
        return key

    def _place(self, field: str) -> bytes:
        return f"{self._meta.db_table}|{self.id}|{field}".encode()


@functools.cache
def sealed_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The names of a model's sealed fields."""
    return tuple(field.attname for field in model._meta.concrete_fields if isinstance(field, SealedTextField))


Row = TypeVar("Row", bound=SealedModel)


def open_sealed(*pages: Iterable[Row]) -> None:
    """Open all sealed fields of these rows in place, with one read of the key store."""
    rows = [row for page in pages for row in page]
    if rows:
        keys = key_store().read(row.key_id for row in rows if row.key_id is not None)
        for row in rows:
            row.open(keys)
