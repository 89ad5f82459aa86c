"""The product's own settings behind a proxy with TLS: what no installation can set otherwise. Read as production reads them."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

_ASK = """
import json
from forebyg.config import settings
print(json.dumps({name: value for name, value in vars(settings).items() if name.isupper()}, default=lambda one: None))
"""


@functools.cache
def production() -> dict[str, Any]:
    """The settings with FOREBYG_HTTPS=true, from a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOREBYG_")}
    environment |= {"FOREBYG_HTTPS": "true", "FOREBYG_SECRET_KEY": "x" * 60, "PYTHONPATH": "src"}
    answer = subprocess.run([sys.executable, "-c", _ASK], env=environment, check=True, capture_output=True, text=True)
    settings: dict[str, Any] = json.loads(answer.stdout)
    return settings


@pytest.mark.parametrize("cookie", ["SESSION", "CSRF", "LANGUAGE"])
def test_every_cookie_of_the_whole_site_goes_by_tls_alone_to_this_host_alone_and_no_script_reads_it(cookie: str) -> None:
    settings = production()
    assert settings[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
    assert settings[f"{cookie}_COOKIE_SECURE"] is True
    assert settings[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert settings.get(f"{cookie}_COOKIE_SAMESITE", "Lax") == "Lax"


def test_browsers_are_told_to_use_tls_for_a_year_and_for_every_name_below() -> None:
    settings = production()
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True


def test_nothing_is_told_of_the_inside() -> None:
    assert production()["DEBUG"] is False


def test_a_session_without_use_ends_and_is_kept_on_the_server() -> None:
    settings = production()
    assert 30 * 60 <= settings["SESSION_COOKIE_AGE"] <= 31 * 60
    assert settings["SESSION_EXPIRE_AT_BROWSER_CLOSE"] is True
    assert settings["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"


def test_messages_are_not_kept_in_the_browser() -> None:
    assert production()["MESSAGE_STORAGE"] == "django.contrib.messages.storage.session.SessionStorage"


def test_passwords_are_hashed_by_argon2id_alone() -> None:
    (hasher,) = production()["PASSWORD_HASHERS"]
    assert hasher == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert Argon2PasswordHasher().encode("en adgangskode", "etsaltetsaltetsalt").startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    "password", ["blå hest spiser 12 gule pærer", "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋", "æ" * 64 + "1b", "kun små bogstaver her"]
)
def test_a_password_may_be_of_any_signs_and_long(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", ["elleve tegn", "qwerty123456", "forebyg-demo-2016"])
def test_a_password_that_is_short_common_or_known_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)
