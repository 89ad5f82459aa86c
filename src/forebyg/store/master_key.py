"""The master key: where it lies, what is refused about it, and how a new one takes its place.

It comes from the environment (FOREBYG_MASTER_KEY, base64) or from a file of 32 bytes that only its owner may read:
FOREBYG_MASTER_KEY_FILE, else `master.key` in the key store's folder. Beside the file lie `master.key.next` while a new master key
is being introduced, and each earlier one under its fingerprint, because older backups of the key store need it.
docs/operations.md says what speaks for which place.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from forebyg.core.errors import ForebygError
from forebyg.store.whole_files import make_once, sync_folder

KEY_VARIABLE = "FOREBYG_MASTER_KEY"
NEXT_KEY_VARIABLE = "FOREBYG_MASTER_KEY_NEXT"
FILE_VARIABLE = "FOREBYG_MASTER_KEY_FILE"
KEY_BYTES = 32
FINGERPRINT_BYTES = 8
_OF_OTHERS = 0o077


class KeyStoreUnavailable(ForebygError):
    """The key store or the master key can't be used: nothing sealed can be read or written."""

    code = "key-store-unavailable"

    def __init__(self, danish: str, english: str) -> None:
        super().__init__(f"{danish} / {english}")


def fingerprint(key: bytes) -> bytes:
    """Eight bytes that tell master keys apart and tell nothing about them."""
    return hmac.digest(key, b"forebyg master key", hashlib.sha256)[:FINGERPRINT_BYTES]


class MasterKeys:
    """The master keys that this process can find for the key store in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.from_environment = bool(os.environ.get(KEY_VARIABLE))
        if self.from_environment and os.environ.get(FILE_VARIABLE):
            raise KeyStoreUnavailable(
                f"Både {KEY_VARIABLE} og {FILE_VARIABLE} er sat. Behold den ene.",
                "Both are set. Keep one of them.",
            )
        self.path = Path(os.environ.get(FILE_VARIABLE) or folder / "master.key")

    @property
    def place(self) -> str:
        """Where the master key comes from, for the operator."""
        return KEY_VARIABLE if self.from_environment else str(self.path)

    def load(self) -> list[bytes]:
        """All that can be found, none of them twice. Raises `KeyStoreUnavailable` when one is missing or may not be used."""
        if self.from_environment:
            names = (KEY_VARIABLE, NEXT_KEY_VARIABLE)
            return list(dict.fromkeys(_from_environment(name) for name in names if os.environ.get(name)))
        # The next one first: when it takes its place between the two readings, it is found there.
        following = [_from_file(self._next)] if self._next.exists() else []
        if not self.path.exists():
            raise KeyStoreUnavailable(
                f"Hovednøglen {self.path} mangler, og nøglelageret findes. Hent den, hvor den opbevares, eller sæt "
                f"{FILE_VARIABLE}. Der laves ingen ny: den kunne intet læse.",
                "The master key is missing and the key store is there. Fetch it from where it is kept, or set the "
                "variable. No new one is made: it could read nothing.",
            )
        return list(dict.fromkeys([*following, _from_file(self.path), *(_from_file(path) for path in self._earlier())]))

    def make_first(self) -> None:
        """Make the master key of a new key store, unless there is one; of several processes one succeeds."""
        if not self.from_environment and not self.path.exists():
            make_once(self.path, secrets.token_bytes(KEY_BYTES))

    def make_next(self) -> bytes:
        """The master key that shall take over: made now, or by an earlier attempt, or set in the environment."""
        if self.from_environment:
            if not os.environ.get(NEXT_KEY_VARIABLE):
                raise KeyStoreUnavailable(
                    f"Hovednøglen kommer fra {KEY_VARIABLE}. Sæt {NEXT_KEY_VARIABLE} til en ny hos alle Forebygs processer, "
                    "genstart dem, og kør kommandoen igen. En ny laves med: openssl rand -base64 32",
                    "Set the second variable to a new key for all processes of Forebyg, restart them, and run the command again.",
                )
            return _from_environment(NEXT_KEY_VARIABLE)
        if not self._next.exists():
            make_once(self._next, secrets.token_bytes(KEY_BYTES))
        return _from_file(self._next)

    def settle(self, key: bytes) -> Path | None:
        """Let `key` stand in the file from now on. Returns where the one before it is kept. May be repeated.

        What comes from the environment only its administrator can change.
        """
        if self.from_environment:
            return None
        present = _from_file(self.path)
        if present == key:
            return None
        kept = self.path.with_name(f"{self.path.name}.{fingerprint(present).hex()}")
        with contextlib.suppress(FileExistsError):
            os.link(self.path, kept)
        self._next.replace(self.path)
        sync_folder(self.path.parent)
        return kept

    @property
    def _next(self) -> Path:
        return self.path.with_name(f"{self.path.name}.next")

    def _earlier(self) -> list[Path]:
        return sorted(self.path.parent.glob(f"{self.path.name}.{'[0-9a-f]' * 2 * FINGERPRINT_BYTES}"))


def _from_environment(name: str) -> bytes:
    try:
        key = base64.b64decode(os.environ[name], validate=True)
    except binascii.Error:
        raise KeyStoreUnavailable(
            f"{name} er ikke base64. Den skal være 32 byte: openssl rand -base64 32",
            "It is not base64. It must be 32 bytes, made as shown.",
        ) from None
    return _of_right_length(key, name)


def _from_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read(1024)
    except OSError as error:
        raise KeyStoreUnavailable(
            f"Hovednøglen {path} kan ikke læses: {error.strerror}.", "The master key cannot be read, for the reason before."
        ) from None
    if stat.S_IMODE(mode) & _OF_OTHERS:
        raise KeyStoreUnavailable(
            f"Hovednøglen {path} må kun kunne læses af sin ejer. Kør: chmod 600 {path}. Har andre kunnet læse den, så skift "
            "den bagefter: forebyg keys rotate",
            "Only its owner may be able to read the master key: run that. If others could read it, rotate it afterwards.",
        )
    return _of_right_length(key, str(path))


def _of_right_length(key: bytes, place: str) -> bytes:
    if len(key) != KEY_BYTES:
        raise KeyStoreUnavailable(
            f"Hovednøglen skal være {KEY_BYTES} byte; {place} har {len(key)}.",
            f"The master key must be {KEY_BYTES} bytes; that one has {len(key)}.",
        )
    return key
