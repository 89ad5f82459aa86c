"""The texts of templates in the language of the page, each looked up once in the life of a process."""

from __future__ import annotations

import functools
from typing import Any

from django.utils import translation
from markupsafe import Markup

_in_catalogue = translation.gettext
"""By this name, because the messages are collected where they stand, in the templates."""


def text(message: str, **values: Any) -> Markup:
    """The message in the language of the page, with these values in it, escaped. In the message `%%` stands for `%`."""
    found, plain = _looked_up(translation.get_language(), message)
    return found % values if values or plain is None else plain


@functools.cache  # as many as the templates have texts, in two languages
def _looked_up(_language: str | None, message: str) -> tuple[Markup, Markup | None]:
    """As it takes values, and as it stands when it takes none."""
    found = Markup(_in_catalogue(message))  # noqa: S704 - ours, as is every message of a template
    try:
        return found, found % {}
    except KeyError:
        return found, None
