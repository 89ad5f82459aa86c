from __future__ import annotations

import datetime
from typing import Any

import pytest
from django import forms
from django.template import engines

from forebyg.ui.form_fields import LongText, UnknownControlError, control


class Sample(forms.Form):
    note = LongText(label="Hvad er der sket?", max_length=10, help_text="Gengiv det sagte.")
    phone = forms.CharField(label="Telefon", required=False, max_length=20)
    channel = forms.ChoiceField(label="Hvordan?", choices=[("Myndighed", [("ssp", "SSP")]), ("borger", "Borger")])
    urgent = forms.ChoiceField(label="Haster det?", choices=[("ja", "Ja"), ("nej", "Nej")], widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(label="Emner", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    day = forms.DateField(label="Dag", initial=datetime.date(2026, 11, 23))
    told = forms.BooleanField(label="Oplyst")
    version = forms.CharField(widget=forms.HiddenInput, initial="3")


def drawn(form: forms.Form) -> str:
    source = '{% from "ui/components/form.html" import error_summary, fields %}{{ error_summary(form) }}{{ fields(form) }}'
    return str(engines["jinja2"].from_string(source).render({"form": form}))


def test_a_line_break_counts_once() -> None:
    form = Sample({"note": "123\r\n567\r\n90"})
    form.is_valid()
    assert "note" not in form.errors


def test_text_that_is_too_long_is_said_so_and_is_not_cut(plain_pages: Any) -> None:
    form = Sample({"note": "x" * 11})
    html = drawn(form)
    assert "x" * 11 in html
    assert "maxlength=" not in html.replace("data-maxlength", "")
    assert control(form["note"]).errors


def test_the_summary_leads_to_the_first_choice_of_a_group(plain_pages: Any) -> None:
    html = drawn(Sample({}))
    assert 'href="#id_urgent_0"' in html
    assert 'id="id_urgent_0"' in html


def test_hint_error_and_limit_describe_the_control(plain_pages: Any) -> None:
    html = drawn(Sample({}))
    assert 'aria-describedby="id_note-hint id_note-error id_note-limit-message" aria-invalid="true" required' in html


def test_that_a_field_may_stay_empty_is_said_where_others_may_not(plain_pages: Any) -> None:
    class AllOptional(forms.Form):
        note = forms.CharField(label="Note", required=False)

    assert drawn(Sample()).count("(frivilligt)") == 1
    assert "(frivilligt)" not in drawn(AllOptional())


def test_choices_keep_their_order_and_headings() -> None:
    assert [heading for heading, _ in control(Sample()["channel"]).groups] == ["Myndighed", None]


def test_dates_are_given_to_the_browser_in_its_own_form() -> None:
    assert control(Sample()["day"]).value == "2026-11-23"


def test_what_was_chosen_stays_chosen() -> None:
    form = Sample({"kinds": ["b"], "urgent": "nej", "told": "on"})
    assert [option.chosen for option in control(form["kinds"]).options] == [False, True]
    assert [option.chosen for option in control(form["urgent"]).options] == [False, True]
    assert control(form["told"]).checked


def test_a_widget_without_markup_is_refused() -> None:
    class Odd(forms.Form):
        when = forms.SplitDateTimeField()

    with pytest.raises(UnknownControlError):
        control(Odd()["when"])
