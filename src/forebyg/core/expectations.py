"""What pydantic found wrong in a YAML file, told as `expected …, found …` at its path."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable

from pydantic_core import ErrorDetails

from forebyg.core.yaml_source import Path

_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "a group of keys",
    "dict_type": "a group of keys",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "date_type": "a date as YYYY-MM-DD",
    "date_parsing": "a date as YYYY-MM-DD",
    "date_from_datetime_parsing": "a date as YYYY-MM-DD",
    "date_from_datetime_inexact": "a date as YYYY-MM-DD",
    "string_too_short": "a text that is not empty",
}

FieldsAt = Callable[[Path], Iterable[str]]
"""The keys that the schema has at a path."""


def told(details: ErrorDetails, fields_at: FieldsAt) -> tuple[Path, str]:
    """Where a problem is, and what was expected and found there."""
    kind, path, found = details["type"], details["loc"], _shown(details["input"])
    context = details.get("ctx", {})
    if kind == "missing":
        return path, "expected this key, found nothing"
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(path[-1]), list(fields_at(path[:-1])), n=1)
        hint = f" (did you mean '{close[0]}'?)" if close else ""
        return path, f"expected a key of the schema{hint}, found '{path[-1]}'"
    if kind == "value_error":
        return path, str(context["error"])
    if kind == "literal_error":
        expected = f"one of {context['expected']}"
    elif kind == "string_pattern_mismatch":
        expected = f"a text that matches {context['pattern']}"
    elif kind == "too_short":
        expected = f"at least {context['min_length']} in the list"
    else:
        expected = _EXPECTED.get(kind, details["msg"])
    return path, f"expected {expected}, found {found}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + '…"'
