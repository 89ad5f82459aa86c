"""A form in two pages: what is wanted, and then, where the law allows it, the reason in writing and the confirmation."""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forebyg.cases import rules
from forebyg.cases.forms.base import ActForm, Choices, Label
from forebyg.core.errors import RuleBroken
from forebyg.law import Finding
from forebyg.sharing import wording
from forebyg.sharing.gate import Judged, decisive
from forebyg.ui.form_fields import LongText
from forebyg.ui.moments import short_date, short_date_and_time


class ShownHasChanged(RuleBroken):
    """A confirmation stands for exactly what was shown."""

    code = "shown-has-changed"

    def __init__(self) -> None:
        super().__init__(
            _("Noget er ændret, siden du så, hvad loven siger. Læs det igen, og bekræft, hvis det stadig er rigtigt.")
        )


class TwoPages(ActForm):
    """Nothing is done before the law's finding was shown, and a confirmation stands only for what was shown."""

    template: ClassVar[str] = "sharing/gated.html"
    words_of: Any = wording
    submit_label: Label = _("Se, hvad loven siger")

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    confirm_label: ClassVar[Label] = _("Bekræft")
    second_page: ClassVar[Mapping[str, Label]] = {}
    """The fields of the second page, each with what to say when it is left empty."""

    def judge(self) -> list[Judged]:
        """The law's answer to what was chosen, person by person."""
        raise NotImplementedError

    def told(self) -> dict[str, object]:
        """What was chosen, as plain values: a confirmation stands for this."""
        raise NotImplementedError

    def note_look(self, finding: Finding) -> None:
        """Record that the law was asked."""
        raise NotImplementedError

    def do(self) -> None:
        """What was confirmed."""
        raise NotImplementedError

    @cached_property
    def judged(self) -> list[Judged]:
        """The law's answer, asked once; empty while something has not been chosen."""
        if not self.is_bound or set(self.errors) - set(self.second_page) - {"__all__"}:
            return []
        return self.judge()

    @cached_property
    def finding(self) -> Finding | None:
        """The finding that decides."""
        return decisive(self.judged) if self.judged else None

    @property
    def mark_of_shown(self) -> str:
        """A digest of everything that is shown before the confirmation."""
        shown = [str(self.scene.case.id), self.scene.case.version, self.told(), [one.finding.as_json() for one in self.judged]]
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        """The second page wants its reason; the first is not asked for it yet."""
        given = super().clean() or {}
        if given.get("shown") and "tilbage" not in self.data:
            for name, wanted in self.second_page.items():
                if not (given.get(name) or "").strip():
                    self.add_error(name, wanted)
        return given

    def check_past(self, name: str) -> datetime.datetime:
        """A moment that was filled in, which has been. For `clean_…`."""
        moment: datetime.datetime = self.cleaned_data[name]
        try:
            rules.check_moment(moment, now=self.scene.now)
        except RuleBroken as broken:
            raise ValidationError(broken.sentence) from None
        return moment

    def is_only_looked_at(self) -> bool:
        """The first page, or back to it."""
        if self.cleaned_data["shown"] and "tilbage" not in self.data:
            return False
        if self.finding is not None:
            self.note_look(self.finding)
        return True

    @property
    def is_second_page(self) -> bool:
        """Whether what was chosen stands fast and the reason is asked for."""
        return self.finding is not None and self.finding.is_allowed and "tilbage" not in self.data

    def before_page(self) -> None:
        """What belongs to the other page is sent along unseen."""
        second = self.is_second_page
        for name, field in self.fields.items():
            if (name in self.second_page) != second and not isinstance(field.widget, forms.HiddenInput):
                field.widget = field.hidden_widget()
        if second:
            self.submit_label, self.cannot_be_undone = self.confirm_label, True
            self.more_buttons = ({"label": gettext("Tilbage"), "name": "tilbage", "value": "ja"},)
            for name in self.second_page:
                self.fields[name].required = True
        if self.is_bound:
            assert isinstance(self.data, QueryDict)
            data = self.data.copy()
            data["shown"] = self.mark_of_shown if second else ""
            self.data = data

    def carry_out(self) -> None:
        """Only what was shown. Raises `ShownHasChanged`."""
        if self.cleaned_data["shown"] != self.mark_of_shown:
            raise ShownHasChanged
        self.do()

    def person(self, root: uuid.UUID | None) -> str:
        """Whom a finding is about."""
        return next((str(one.label) for one in self.scene.people if one.root == root), gettext("Ikke en bestemt person"))

    @cached_property
    def about_others(self) -> list[str]:
        """What of that which is to be told seems to speak of third persons, for the worker to look at (R-221)."""
        return []

    @property
    def chosen(self) -> list[tuple[str, list[str]]]:
        """What was chosen and written on the first page, in words, for the second."""
        return [
            (str(field.label), _said(field, self.cleaned_data[name]))
            for name, field in self.fields.items()
            if name not in self.second_page and self.cleaned_data.get(name) and isinstance(field, _IN_WORDS)
        ]


_IN_WORDS = (forms.ChoiceField, LongText, forms.DateTimeField, forms.DateField)


def _said(field: forms.Field, given: Any) -> list[str]:
    if isinstance(given, datetime.datetime):
        return [short_date_and_time(given)]
    if isinstance(given, datetime.date):
        return [short_date(given)]
    if not isinstance(field, forms.ChoiceField):
        return [str(given)]
    labels = {str(value): str(label) for value, label in _flat(field.choices)}
    return [labels.get(value) or value for value in (given if isinstance(given, list) else [given])]


def _flat(options: Any) -> Choices:
    return [(value, label) for value, label in options if not isinstance(label, list | tuple)]
