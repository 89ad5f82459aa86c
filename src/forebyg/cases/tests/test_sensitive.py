"""Case data is treated as sensitive: sealed, behind sign-in, on need to know, out of caches, and read only on the record."""

from __future__ import annotations

import pytest
from conftest import as_owner
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker
from forebyg.access.records import Record
from forebyg.cases.actions import disclosing, noting
from forebyg.cases.models import Disclosure, Item
from forebyg.cases.queries import fetch_case, records_of
from forebyg.cases.states import Step
from forebyg.cases.tests.cast import Play, a_finding, a_person, an_item
from forebyg.store.sealed import SealedTextField

TYPED = "Talte om at rejse ned til sin fætter"
RECORDS = sorted((model for model in apps.get_models() if issubclass(model, Record)), key=lambda model: model._meta.db_table)
FIXED_WORDS = {
    "cases_clock.rule",
    "cases_contact.mandate",
    "cases_course.intervention",
    "cases_decision.legal_ref",
    "cases_disclosure.record_table",
    "cases_offer.intervention",
    "cases_proceduretick.procedure",
    "cases_qualification.value",
    "cases_timelineentry.record_table",
    "intake_concern.channel",
    "people_consent.intervention",
    "people_participant.municipality",
    "sharing_informationrequest.forum",
    "meetings_agendaitem.forum",
    "meetings_minutes.forum",
    "sharing_informationrequest.outcome",
    "sharing_informationrequest.purpose",
    "sharing_measuredecision.cooperation",
    "sharing_measuredecision.grounds",
    "sharing_measuredecision.intervention",
    "sharing_measuredecision.measure",
    "sharing_measuredecision.provision",
}
"""Columns of plain text without a list of choices in the model: ids of the packs, words of the law, names of tables, and a municipality."""


@pytest.mark.req("R-214", part="whatever a person can write about another is a sealed column")
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.db_table)
def test_no_column_of_a_record_holds_free_text_in_clear(model: type[Record]) -> None:
    for field in model._meta.concrete_fields:
        base = field.base_field if isinstance(field, ArrayField) else field
        if isinstance(field, SealedTextField) or not isinstance(base, models.CharField | models.TextField):
            continue
        assert field.choices or f"{model._meta.db_table}.{field.name}" in FIXED_WORDS, field.name


@pytest.mark.req("R-214")
def test_what_was_written_about_a_citizen_is_sealed_guarded_uncached_and_read_on_the_record(
    cast: dict[str, Worker], client: Client
) -> None:
    play = Play(cast, {"son": a_person(f"{TYPED} (søn)")}).to(Step.RECEIVED)
    acting = play.by()
    noting.write_item(**acting, item=an_item(TYPED), about=[play.person("son")], happened_at=acting["now"])
    play.admit("sof")

    with as_owner(), connection.cursor() as cursor:  # at rest: nowhere in the database in clear
        cursor.execute("SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{TYPED}%"])
            assert cursor.fetchone() == (0,), table
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{TYPED.encode().hex()}%"])
            assert cursor.fetchone() == (0,), table

    address = reverse("cases:items", args=[play.case().matter.reference])
    client.logout()
    assert client.get(address).status_code == 302, "behind sign-in"
    for key, status in (("vink", 200), ("sof", 200), ("dks", 404), ("administrator", 404), ("politiker", 404)):
        client.force_login(cast[key])
        before = len(play.ledger("case.seen"))
        answer = client.get(address)
        assert answer.status_code == status, key
        shown = answer.content.decode()
        assert (TYPED in shown) is (key == "vink"), key  # need to know, and a reader
        assert answer["Cache-Control"] == "no-store"
        assert TYPED not in shown[: shown.index("</title>")], "nor in the title, which browsers keep"
        assert len(play.ledger("case.seen")) - before == (status == 200), key


@pytest.mark.req("R-215", part="what came under a forum is barred from investigation, and the bar follows every disclosure")
@pytest.mark.req("R-215", part="every disclosure names basis, forum and necessity; nothing else crosses a border")
@pytest.mark.parametrize("forum", ["ssp", "psp", "ksp"])
def test_the_purpose_follows_what_crosses_a_border(cast: dict[str, Worker], client: Client, forum: str) -> None:
    play = Play(cast).to(Step.RECEIVED)
    play.admit("dks")
    acting = play.by()
    item = noting.write_item(**acting, item=an_item(TYPED, forum=forum), about=[play.person("son")], happened_at=acting["now"])
    disclosing.disclose(
        **play.by(),
        records=[("cases_item", item.root)],
        to_agency=play.agency("dks"),
        finding=a_finding(forum),
        necessity="DKS holder mødet.",
    )
    noting.correct_item(**play.by(), root=item.root, text=f"{TYPED} i går", reason="Dagen.")
    worker, _now = play.become("dks")
    case = fetch_case(worker=worker, case_id=play.case_id)
    [seen] = records_of(worker, case, Item)
    assert seen.not_for_investigation and seen.text.endswith("i går"), "the bar stays on the corrected version"
    [told] = records_of(worker, case, Disclosure)
    assert (told.finding["by"], told.finding["forum"], bool(told.necessity)) == (["rpl-115-2"], forum, True)
    assert told.finding["marks"] == ["not-for-investigation", f"forum:{forum}"]
    client.force_login(cast["dks"])
    page = client.get(reverse("cases:items", args=[case.matter.reference])).content.decode()
    assert "ikke til efterforskning" in page.lower()
