"""A bound Django form field laid out for the `field` macro: what kind of control it is, its value, and its texts."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget, Input

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.DateTimeInput, "datetime-local"),
    (forms.DateInput, "date"),
    (forms.TimeInput, "time"),
    (Input, "input"),
)
# What the macro writes itself.
_OWN_ATTRIBUTES = frozenset(
    {"id", "name", "type", "value", "class", "required", "maxlength", "disabled", "checked", "cols"}
    | {"aria-describedby", "aria-invalid"}
)


class UnknownControlError(TypeError):
    """A form uses a widget that the design system has no markup for."""


class LongText(forms.CharField):
    """Text of several lines. A line break counts as one character of `max_length`, not as the two that a browser sends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


@dataclass(frozen=True)
class Option:
    """One choice of a select, a group of radio buttons or of checkboxes; `group` is the heading it stands under."""

    id: str
    value: str
    label: str
    chosen: bool
    group: str | None


@dataclass(frozen=True)
class Control:
    """Everything the `field` macro draws."""

    kind: str
    input_type: str
    id: str
    name: str
    label: str
    hint: str
    errors: list[str]
    value: str
    checked: bool
    required: bool
    says_optional: bool
    """That it may stay empty is worth saying where other fields may not."""
    disabled: bool
    multiple: bool
    classes: str
    max_length: int | None
    attributes: dict[str, Any]
    options: list[Option] = field(default_factory=list)
    hidden_values: list[str] = field(default_factory=list)
    """Each value of a field that is sent along unseen; several choices are several values."""

    @property
    def groups(self) -> list[tuple[str | None, list[Option]]]:
        """The options under their headings, in the order of the form."""
        grouped = itertools.groupby(self.options, key=lambda option: option.group)
        return [(heading, list(members)) for heading, members in grouped]

    @property
    def focus_id(self) -> str:
        """Id of the element that a link in the error summary leads to."""
        return self.options[0].id if self.options and self.kind in ("radios", "checkboxes") else self.id

    @property
    def described_by(self) -> str | None:
        """Ids of hint, error and limit, in that order, or None."""
        ids = [
            f"{self.id}-hint" if self.hint else "",
            f"{self.id}-error" if self.errors else "",
            f"{self.id}-limit-message" if self.shows_limit else "",
        ]
        return " ".join(filter(None, ids)) or None

    @property
    def shows_limit(self) -> bool:
        """Long text shows how much may be written; a short line does not."""
        return self.max_length is not None and self.kind == "textarea"


def _value(raw: Any) -> str:
    """The value as the browser's control wants it: ISO for dates and moments, plain text for the rest."""
    if raw is None:
        return ""
    if isinstance(raw, datetime.datetime):
        return raw.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(raw, datetime.time):
        return raw.isoformat(timespec="minutes")
    if isinstance(raw, datetime.date):
        return raw.isoformat()
    return str(raw)


def _options(bound: BoundField, widget: ChoiceWidget) -> Iterator[Option]:
    raw = bound.value()
    groups = widget.optgroups(bound.html_name, widget.format_value(raw) or [], {"id": bound.auto_id})
    for group, entries, _index in groups:
        for entry in entries:
            identity = entry["attrs"].get("id", bound.auto_id)
            value = "" if entry["value"] is None else str(entry["value"])
            yield Option(str(identity), value, str(entry["label"]), bool(entry["selected"]), str(group) if group else None)


def control(bound: BoundField) -> Control:
    """What to draw for this field. Raises UnknownControlError for a widget without markup.

    The browser's own maxlength is left out on purpose: it cuts pasted text without a word. The form says what is too long.
    """
    widget = bound.field.widget
    kind = next((kind for widget_class, kind in _KINDS if isinstance(widget, widget_class)), None)
    if kind is None:
        raise UnknownControlError(f"{type(widget).__name__} of field {bound.name}")
    options = list(_options(bound, widget)) if isinstance(widget, ChoiceWidget) else []
    raw = bound.value()
    is_box = kind == "checkbox"
    return Control(
        kind="input" if kind in ("datetime-local", "date", "time") else kind,
        input_type=kind if kind in ("datetime-local", "date", "time") else getattr(widget, "input_type", "text"),
        id=bound.auto_id or bound.html_name,
        name=bound.html_name,
        label=str(bound.label),
        hint=str(bound.help_text),
        errors=[str(error) for error in bound.errors],
        value="" if is_box or options or getattr(widget, "input_type", "") in ("password", "file") else _value(raw),
        checked=bool(raw) if is_box else False,
        required=bound.field.required,
        says_optional=not bound.field.required and any(other.field.required for other in bound.form.visible_fields()),
        disabled=bound.field.disabled,
        multiple=bool(getattr(widget, "allow_multiple_selected", False)),
        classes=str(widget.attrs.get("class", "")),
        max_length=getattr(bound.field, "max_length", None),
        attributes={name: value for name, value in widget.attrs.items() if name not in _OWN_ATTRIBUTES},
        options=options,
        hidden_values=[_value(one) for one in raw or []] if isinstance(widget, forms.MultipleHiddenInput) else [_value(raw)],
    )
