"""What all forms of a case share: the case as the worker sees it, the token against double clicks, the version seen."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Agency, Worker
from forebyg.cases.family import families_in, left_out
from forebyg.cases.models import Case
from forebyg.cases.queries import admitted_agencies, participants_of
from forebyg.cases.rules import LONGEST_TEXT
from forebyg.core.ids import new_id
from forebyg.people.models import Participant
from forebyg.strategy.queries import pack_of
from forebyg.strategy.schema import Pack
from forebyg.ui.form_fields import LongText

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Label: TypeAlias = "str | _StrPromise"
Choices = list[tuple[str, str]]


@dataclass
class Scene:
    """The case as this worker sees it while a form is open: read as far as the form needs."""

    worker: Worker
    case: Case
    now: datetime.datetime
    target: uuid.UUID | None = None
    """The record that the form is about, when it is about one."""

    @cached_property
    def people(self) -> list[Participant]:
        """The participants that the worker sees, subjects first."""
        return participants_of(self.worker, self.case)

    @cached_property
    def agencies(self) -> list[Agency]:
        """The agencies admitted to the matter."""
        return admitted_agencies(self.worker, self.case)

    @cached_property
    def parents_left_out(self) -> frozenset[uuid.UUID]:
        """The parents to whom no form leads, for they are involved less from 18 (R-104)."""
        return left_out(families_in(self.worker, self.case, now=self.now))

    @cached_property
    def pack(self) -> Pack:
        """The unit's strategy pack."""
        return pack_of(self.worker)

    def person_choices(self, wanted: Callable[[Participant], bool] = lambda person: True) -> Choices:
        """Participants as choices: their labels in the matter."""
        return [(str(person.root), str(person.label)) for person in self.people if wanted(person)]

    def agency_choices(self, *, others_only: bool = False) -> Choices:
        """Admitted agencies as choices."""
        return [(str(one.id), one.name) for one in self.agencies if not (others_only and one.id == self.worker.agency_id)]


class ActForm(forms.Form):
    """A form that carries out one action. `seen` is the version of the case that the page showed; `token` the click."""

    heading: ClassVar[Label] = ""
    lead: Label = ""
    submit_label: Label = _("Gem")
    cannot_be_undone: bool = False
    done: Label = _("Gemt.")
    template: ClassVar[str] = "cases/act.html"
    more_buttons: tuple[dict[str, Label], ...] = ()

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    target = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, scene: Scene, **kwargs: Any) -> None:
        self.scene = scene
        super().__init__(*args, **kwargs)
        self.begin_with(token=str(new_id()), seen=scene.case.version, target=scene.target)
        self.prepare()

    def prepare(self) -> None:
        """Fill in the choices that depend on the case."""

    def begin_with(self, **values: object) -> None:
        """Set what the fields hold when the form is opened."""
        self.initial = {**self.initial, **values}

    def is_only_looked_at(self) -> bool:
        """Whether the filled-in form is shown once more before anything is done."""
        return False

    def before_page(self) -> None:
        """Last touches before the form is shown, as it was opened or as it was sent."""

    def carry_out(self) -> None:
        """Do it: call the action with what was filled in. Raises what the action raises."""
        raise NotImplementedError

    def choose(self, field: str, choices: Iterable[tuple[str, Label]]) -> None:
        """Set the choices of a field."""
        target = self.fields[field]
        assert isinstance(target, forms.ChoiceField)
        target.choices = list(choices)

    @property
    def common(self) -> dict[str, Any]:
        """What every action takes."""
        return {"worker": self.scene.worker, "case_id": self.scene.case.id, "now": self.scene.now}

    def one(self, field: str) -> uuid.UUID:
        """A chosen id."""
        return uuid.UUID(str(self.cleaned_data[field]))

    def many(self, field: str) -> list[uuid.UUID]:
        """Chosen ids."""
        return [uuid.UUID(chosen) for chosen in self.cleaned_data[field]]

    def at(self, field: str = "happened_at") -> datetime.datetime:
        """The moment that was filled in."""
        moment: datetime.datetime = self.cleaned_data[field]
        return moment

    def words(self, field: str = "text") -> str:
        """A text that was filled in."""
        return str(self.cleaned_data.get(field) or "")


def long_text(label: Label, *, help_text: Label = "", required: bool = True, rows: int = 5) -> LongText:
    """A text of several lines."""
    field = LongText(label=label, help_text=help_text, required=required, max_length=LONGEST_TEXT)
    field.widget.attrs["rows"] = rows
    return field


class Moment(forms.DateTimeField):
    """When something happened, in local time to the minute; now, unless another moment is chosen."""

    def __init__(self, label: Label | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", lambda: timezone.localtime().strftime("%Y-%m-%dT%H:%M"))
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            label=label or _("Hvornår skete det?"),
            widget=widget,
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
            **kwargs,
        )


class Day(forms.DateField):
    """A date."""

    def __init__(self, label: Label, **kwargs: Any) -> None:
        super().__init__(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def choice(label: Label, choices: Iterable[tuple[str, Any]] = (), *, radios: bool = False, **kwargs: Any) -> forms.ChoiceField:
    """One of several."""
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect if radios else forms.Select, **kwargs)


def choices(label: Label, **kwargs: Any) -> forms.MultipleChoiceField:
    """Any of several; those that depend on the case are set by `prepare`."""
    return forms.MultipleChoiceField(label=label, widget=forms.CheckboxSelectMultiple, **kwargs)


NOTHING: tuple[str, Label] = ("", _("Vælg"))
