"""What an installation may set, by environment variables `FOREBYG_*`."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Literal, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_SECRET = "forebyg-demo-secret-key-that-nobody-may-use-for-real-people"  # noqa: S105 - said out loud to be useless


class SettingsInvalid(SystemExit):
    """A setting that does not parse: names the variable and what was expected, and stops the start."""


class Installation(BaseSettings):
    """The settings of one installation. Secrets never show in a repr."""

    model_config = SettingsConfigDict(env_prefix="FOREBYG_", extra="forbid")

    secret_key: SecretStr = SecretStr(DEMO_SECRET)
    hosts: list[str] = Field(default=["localhost", "127.0.0.1"], description="host names that may be asked for, as JSON")
    origins: list[str] = Field(default=[], description="https origins trusted for forms, as JSON")
    https: bool = Field(default=False, description="true when a proxy serves us by https")
    demo: bool = Field(default=False, description="demo mode: invented data, known passwords, a notice on every page")
    data_folder: Path = Field(default=Path("var/data"), description="key store, master key and static files")
    database_url: SecretStr | None = Field(default=None, description="postgresql://… of your own server, version 15 or newer")
    database_host: str = Field(default="", description="socket folder of the embedded PostgreSQL; set by the launcher")
    database_name: str = "forebyg"
    database_role: Literal["web", "worker", "sealer", "owner"] = "web"
    database_pool: bool = Field(default=False, description="keep connections ready; set by `forebyg serve`")
    pack: str = Field(default="copenhagen-2016", description="id of the strategy pack of the unit")
    session_minutes: int = Field(default=30, ge=5, le=600)
    second_factor: Literal["required", "skipped"] = Field(default="required", description="skipped: in a demo only")
    request_answer_days: int = Field(
        default=5, ge=1, le=60, description="working days for an answer to another agency's request"
    )
    mail_host: str = Field(default="localhost", description="the mail server that takes notices from us")
    mail_port: int = Field(default=25, ge=1, le=65535)
    mail_from: str = Field(default="forebyg@localhost", description="sender of notices")
    break_glass_hours: int = Field(default=4, ge=1, le=24, description="how long an emergency opening of a case lasts")
    clamav: str = Field(default="", description="malware scanner: unix:/path of clamd's socket, or tcp://host:port")
    document_limit: int = Field(default=200, ge=1, le=2000, description="largest document, in MB")
    port: int = Field(default=8000, ge=1, le=65535)

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql:// (example: postgresql://db.example/forebyg)")
        try:
            place = conninfo_to_dict(value.get_secret_value())
        except psycopg.ProgrammingError:  # its text may quote the password
            raise ValueError("cannot be read (write %40 for @ in a password, and know each parameter)") from None
        if not place.get("dbname"):
            raise ValueError("must name the database (example: postgresql://db.example/forebyg)")
        return value

    @field_validator("clamav")
    @classmethod
    def _is_a_scanner(cls, value: str) -> str:
        host, colon, port = value.removeprefix("tcp://").rpartition(":")
        if (
            value
            and not value.startswith("unix:/")
            and not (value.startswith("tcp://") and host and colon and port.isdecimal())
        ):
            raise ValueError("must be unix:/run/clamav/clamd.ctl or tcp://host:3310, or empty for no scanner")
        return value

    @model_validator(mode="after")
    def _only_a_demo_skips_the_second_factor(self) -> Self:
        if self.second_factor == "skipped" and not self.demo:
            raise ValueError("FOREBYG_SECOND_FACTOR=skipped is for demos: set required, or FOREBYG_DEMO=true")
        return self

    @property
    def static_folder(self) -> Path:
        """Where collected static files lie."""
        return self.data_folder / "static"

    def database(self) -> dict[str, Any]:
        """Django's entry for the one database, signed in as the role of this process."""
        entry: dict[str, Any] = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.database_name,
            "USER": f"forebyg_{self.database_role}",
            "HOST": self.database_host,
            "PORT": 5432,
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True,  # a connection of before the database was restarted is not given out
            "OPTIONS": {"pool": {"min_size": 2, "max_size": 12, "timeout": 5}} if self.database_pool else {},
        }
        if self.database_url is not None:
            place = conninfo_to_dict(self.database_url.get_secret_value())  # several hosts: "one,two" and "5432,5433"
            place.pop("user", None)
            for theirs, ours in (("host", "HOST"), ("port", "PORT"), ("dbname", "NAME"), ("password", "PASSWORD")):
                entry[ours] = place.pop(theirs, "")
            entry["OPTIONS"] |= place
        return entry


@functools.cache
def installation() -> Installation:
    """The settings of this process, read once. Raises `SettingsInvalid` naming each variable that does not parse."""
    try:
        return Installation()
    except ValidationError as error:
        lines = [
            f"  {'_'.join(('FOREBYG', *map(str, problem['loc']))).upper()}: {problem['msg']}" for problem in error.errors()
        ]
        raise SettingsInvalid("Indstillinger kan ikke læses / settings cannot be read:\n" + "\n".join(lines)) from None
