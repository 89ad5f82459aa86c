"""The Jinja2 environment of all own pages."""

from __future__ import annotations

import functools
from types import FunctionType
from typing import Any

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.utils import translation

from forebyg.ui import moments
from forebyg.ui.addresses import path_of
from forebyg.ui.form_fields import control
from forebyg.ui.request_code import current_code
from forebyg.ui.texts import text


class PageContext(jinja2.runtime.Context):
    """Calls a plain function straight away: a page makes hundreds of calls, and Jinja2 asks each whether it wants the context."""

    def call(__self, __called: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - a template may pass `self=`
        """As Jinja2 does it."""
        if type(__called) is FunctionType and not hasattr(__called, "jinja_pass_arg"):
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __called(*args, **kwargs)
        return super().call(__called, *args, **kwargs)


def _language() -> str:
    """Code of the language of this page."""
    return translation.get_language() or settings.LANGUAGE_CODE


def _other_languages() -> list[tuple[str, str]]:
    """Code and own name of every language the page can be switched to."""
    others = (code for code, _name in settings.LANGUAGES if code != _language())
    return [(code, translation.get_language_info(code)["name_local"].capitalize()) for code in others]


def environment(**options: Any) -> jinja2.Environment:
    """Jinja2 environment for Django's backend: an undefined name is an error, everything is escaped, texts by gettext."""
    extensions = [*options.pop("extensions", []), "jinja2.ext.i18n"]
    options.pop("autoescape", None)
    options.pop("undefined", None)
    made = jinja2.Environment(
        **options,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=extensions,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]  # put there by jinja2.ext.i18n
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.context_class = PageContext
    made.globals.update(
        _=text,
        gettext=text,
        static=functools.cache(static),
        url=path_of,
        language=_language,
        other_languages=_other_languages,
        control=control,
        request_code=current_code,
    )
    made.filters.update(
        date=moments.date,
        short_date=moments.short_date,
        datetime=moments.date_and_time,
        short_datetime=moments.short_date_and_time,
        time=moments.clock_time,
        near=moments.near,
        time_tag=moments.time_tag,
        duration=moments.duration,
    )
    return made
