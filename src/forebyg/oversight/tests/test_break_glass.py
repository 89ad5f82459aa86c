"""Breaking the glass (B-025): what it opens, what it does not, who sees it, and who judges it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from conftest import as_owner
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from forebyg.access.jobs import send_notice
from forebyg.access.models import BREAK_GLASS, BreakGlass, Emergency, Grant, RoleHolding, Worker
from forebyg.access.permissions import BREAK_GLASS_ROLES, IN_EMERGENCY, Permission
from forebyg.access.reach import forget_reach
from forebyg.access.tests.rows import count, insert, refused, rows, run
from forebyg.cases import rules
from forebyg.cases.actions.disclosing import disclose
from forebyg.cases.actions.locking import lock_specially
from forebyg.cases.actions.noting import raise_alarm, write_item
from forebyg.cases.actions.opening import end_access, give_access
from forebyg.cases.models import Item, Task
from forebyg.cases.queries import fetch_case, records_of
from forebyg.cases.states import MOVES, Step
from forebyg.cases.tests.cast import SSP_115, Play, an_item
from forebyg.core.errors import NotPermitted, NotVisible, RuleBroken
from forebyg.core.ids import new_id
from forebyg.intake.actions import receive_concern
from forebyg.oversight import breaking
from forebyg.oversight.accesses import AlreadyReviewed, grants_to_review
from forebyg.oversight.breaking import break_glass, close_glass
from forebyg.oversight.models import BreakGlassReview, OverseenBreakGlass
from forebyg.oversight.openings import OwnOpening, StillOpen, done_in, fetch_opening, review_opening, waiting
from forebyg.oversight.tests.conftest import reference_of
from forebyg.store.identity import act_as

pytestmark = pytest.mark.django_db

REASON = "Faren ringer og siger, at sønnen er kørt til lufthavnen."
SEALED = b"\x00" * 60


def shatter(play: Play, key: str = "vink-kollega", **given: Any) -> BreakGlass:
    """A worker breaks the glass of the play's matter."""
    reference = given.pop("reference", None) or reference_of(play)
    worker, now = play.become(key)
    typed = {"reference": reference, "emergency": "departure", "reason": REASON} | given
    return break_glass(worker=worker, now=now, **typed)


def knock(reference: str, **given: object) -> tuple[str, object]:
    """The function in raw SQL, as the web role may call it. Outcome and matter."""
    values = {
        "emergency": "life",
        "lasts": "4 hours",
        "glass_reason": SEALED,
        "event_reason": SEALED,
        "grant": new_id(),
    } | given
    found = rows(
        "SELECT outcome, matter FROM oversight_break_glass(%s, %s, %s::interval, %s, %s, %s, %s, %s, %s, %s)",
        reference,
        values["emergency"],
        values["lasts"],
        new_id(),
        new_id(),
        values["glass_reason"],
        values["grant"],
        new_id(),
        new_id(),
        values["event_reason"],
    )
    return found[0][0], found[0][1]


def review(play: Play, glass: BreakGlass, key: str = "dpo", **given: Any) -> BreakGlassReview:
    """An overseer reviews an opening."""
    worker, now = play.become(key)
    return review_opening(
        worker=worker, glass_id=glass.id, now=now, **({"outcome": "justified", "note": "Opkaldet er bekræftet."} | given)
    )


def items_seen(play: Play, key: str) -> list[str]:
    """The texts that a worker sees in the case."""
    worker, _now = play.become(key)
    return [item.text for item in records_of(worker, fetch_case(worker=worker, case_id=play.case_id), Item)]


def alarm(play: Play, key: str) -> None:
    """A worker raises an alarm."""
    acting = play.by(key)
    raise_alarm(**acting, kind="feared-departure", text="Det haster.", about=play.subjects, happened_at=acting["now"])


# What it opens


@pytest.mark.req("B-026", part="the special lock withstands broken glass, and nobody learns that it is there")
def test_a_special_lock_withstands_it_and_says_the_same_as_of_what_does_not_exist(play: Play) -> None:
    lock_specially(**play.by(), keep=[], reason="En ansats søn")
    play.become("vink-kollega")
    assert knock(reference_of(play)) == knock("1999-0001") == ("nothing", None)
    assert not Grant.objects.filter(reason=BREAK_GLASS).exists()
    worker = play.cast["vink-kollega"]
    [(now, until)] = rows("SELECT store.now(), store.now() + interval '1 hour'")
    given = {"worker_id": worker.id, "given_by_id": worker.id, "matter_id": play.matter_id, "starts_at": now, "ends_at": until}
    with as_owner(), refused():  # as the function does it, were it wrong
        insert("access_grant", reason=BREAK_GLASS, **given)


@pytest.mark.req("B-025", part="a reason opens one matter, for some hours")
def test_broken_glass_opens_the_matter_and_closes_by_itself(play: Play) -> None:
    worker, _now = play.become("vink-kollega")
    with pytest.raises(NotVisible):
        fetch_case(worker=worker, case_id=play.case_id)
    glass = shatter(play)
    assert items_seen(play, "vink-kollega")
    assert (glass.grant.ends_at - glass.broken_at).total_seconds() == settings.FOREBYG.break_glass_hours * 3600
    play.pass_time(hours=settings.FOREBYG.break_glass_hours)
    worker, _now = play.become("vink-kollega")
    with pytest.raises(NotVisible):
        fetch_case(worker=worker, case_id=play.case_id)
    assert count("cases_item") == 0


@pytest.mark.req("B-025", "B-024", part="it can be closed before its time")
def test_the_worker_closes_it_and_a_second_time_there_is_nothing_to_close(play: Play) -> None:
    glass = shatter(play)
    worker, now = play.become("vink-kollega")
    close_glass(worker=worker, glass_id=glass.id, now=now)
    with pytest.raises(NotVisible):
        fetch_case(worker=worker, case_id=play.case_id)
    with pytest.raises(breaking.AlreadyClosed):
        close_glass(worker=worker, glass_id=glass.id, now=now)
    stranger, now = play.become("vink")
    with pytest.raises(NotVisible):
        close_glass(worker=stranger, glass_id=glass.id, now=now)


@pytest.mark.req("B-025", part="readers stay what they are: another agency's records stay hidden")
@pytest.mark.req("R-216", part="an emergency gives the need to know, never another agency's information")
def test_it_never_crosses_the_border_between_agencies(play: Play) -> None:
    acting = play.by("dks")
    write_item(**acting, item=an_item("Kun politiets."), about=[], happened_at=acting["now"])
    shatter(play)
    assert "Kun politiets." not in items_seen(play, "vink-kollega")
    act_as(play.cast["vink-kollega"].id)
    assert count("cases_item", owner_id=play.agency("dks")) == 0


@pytest.mark.req("B-025", part="the data protection officer breaks the glass like others, and sees what the own agency may")
def test_the_officer_reads_a_matter_of_the_own_agency_and_does_nothing_in_it(play: Play) -> None:
    with pytest.raises(breaking.NothingOpened):
        shatter(play, "dpo")
    play.admit("sekretariat")
    shatter(play, "dpo")
    worker, _now = play.become("dpo")
    assert fetch_case(worker=worker, case_id=play.case_id).id == play.case_id
    assert items_seen(play, "dpo") == []
    with pytest.raises(NotPermitted):
        alarm(play, "dpo")


@pytest.mark.req("R-209", part="a mentor stays with the own courses in an emergency, too")
@pytest.mark.parametrize("key", ["mentor", "coach", "politiker", "administrator", "rapport"])
def test_who_works_in_no_whole_case_breaks_no_glass(play: Play, key: str) -> None:
    with pytest.raises(NotPermitted):
        shatter(play, key)
    act_as(play.cast[key].id)
    with refused():
        knock(reference_of(play))


def test_the_roles_in_the_database_are_those_of_the_program() -> None:
    with as_owner():
        (source,) = rows("SELECT prosrc FROM pg_proc WHERE proname = 'oversight_break_glass'")[0]
    named = source.split("r.role IN (")[1].split(")")[0]
    assert {word.strip(" '\n") for word in named.split(",")} == {role.value for role in BREAK_GLASS_ROLES}


# What it does not open


@pytest.mark.req("R-216", part="a guessed reference tells nothing, and the attempt is kept")
@pytest.mark.req("B-027", part="emergency access")
def test_a_guess_answers_alike_whatever_there_is(play: Play) -> None:
    answers = []
    for guess in (reference_of(play), "1999-0001", "Søn Sønnesen", "%' OR true --"):
        with pytest.raises(breaking.NothingOpened) as caught:
            shatter(play, "dpo", reference=guess)
        answers.append(caught.value.sentence)
    assert len(set(answers)) == 1
    with as_owner():
        kept = rows("SELECT matter_ids, record_ids, codes, reason FROM audit_event WHERE action = 'glass.refused'")
    assert len(kept) == 4
    for matters, records, codes, reason in kept:
        assert (matters, records) == ([], [])
        assert json.loads(codes) if isinstance(codes, str) else codes == {"emergency": "departure", "outcome": "nothing"}
        assert "Sønnesen".encode() not in bytes(reason)


def test_only_the_frame_is_not_opened(play: Play) -> None:
    with as_owner():
        run("UPDATE access_admission SET frame_only = true WHERE agency_id = %s", play.agency("vink"))
    with pytest.raises(breaking.NothingOpened):
        shatter(play)


def test_after_ten_attempts_the_day_is_over(play: Play) -> None:
    for _ in range(10):
        with pytest.raises(breaking.NothingOpened):
            shatter(play, reference="1999-0001")
    with pytest.raises(breaking.TooManyAttempts):
        shatter(play)
    play.pass_time(hours=25)
    assert shatter(play)


def test_three_openings_at_once_are_the_most(play: Play, officers: dict[str, Worker]) -> None:
    others = [Play(officers) for _ in range(3)]
    for other in others:
        shatter(other)
    with pytest.raises(breaking.TooManyOpen):
        shatter(play)


def test_nobody_breaks_it_where_nobody_else_could_review(play: Play) -> None:
    with as_owner():
        RoleHolding.objects.filter(worker=play.cast["dpo-vikar"]).delete()
    play.admit("sekretariat")
    with pytest.raises(breaking.NobodyReviews):
        shatter(play, "dpo")
    assert shatter(play)


def test_who_has_access_has_nothing_to_break(play: Play) -> None:
    with pytest.raises(breaking.HasAccess):
        shatter(play, "vink")
    shatter(play)
    with pytest.raises(breaking.HasAccess):
        shatter(play)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"reason": " "}, rules.TextMissing),
        ({"reason": "Det haster."}, breaking.ReasonTooShort),
        ({"reason": "x" * 30_000}, rules.TextTooLong),
        ({"emergency": "curiosity"}, rules.NotAChoice),
        ({"reference": "  "}, rules.TextMissing),
    ],
)
def test_bad_input_gets_a_sentence_and_opens_nothing(play: Play, given: dict[str, str], error: type[RuleBroken]) -> None:
    with pytest.raises(error) as caught:
        shatter(play, **given)
    assert caught.value.sentence
    with as_owner():
        assert count("access_breakglass") == 0


# What may be done under it


def test_an_ended_case_is_opened_to_read_and_takes_nothing(play: Play) -> None:
    play.to(Step.ENDED)
    shatter(play)
    assert items_seen(play, "vink-kollega")
    with pytest.raises(rules.CaseEnded):
        alarm(play, "vink-kollega")


def test_a_suspended_account_loses_what_it_opened(play: Play) -> None:
    shatter(play)
    with as_owner():
        run("UPDATE access_worker SET is_active = false WHERE id = %s", play.cast["vink-kollega"].id)
    act_as(play.cast["vink-kollega"].id)
    assert count("cases_item") == 0
    with refused():
        knock(reference_of(play))


def test_one_writes_and_tells_but_decides_nothing(play: Play) -> None:
    shatter(play)
    key = "vink-kollega"
    alarm(play, key)
    (item, *_rest) = items = records_of(*_case(play, key), Item)
    assert items
    disclose(
        **play.by(key),
        records=[("cases_item", item.root)],
        to_agency=play.agency("dks"),
        finding=SSP_115,
        necessity="Politiet skal standse rejsen.",
    )
    with pytest.raises(rules.OnlyInEmergency):
        give_access(**play.by(key), colleague_id=play.cast[key].id, ends_at=play.now.replace(year=play.now.year + 1))
    with pytest.raises(rules.OnlyInEmergency):
        end_access(**play.by(key), grant_id=new_id())
    with pytest.raises(rules.OnlyInEmergency):
        acting = play.by(key)
        receive_concern(**acting, received_at=acting["now"])


def _case(play: Play, key: str) -> tuple[Worker, Any]:
    worker, _now = play.become(key)
    return worker, fetch_case(worker=worker, case_id=play.case_id)


def test_no_move_of_a_case_is_made_with_what_an_emergency_allows() -> None:
    assert IN_EMERGENCY.isdisjoint(move.permission for move in MOVES.values())
    assert IN_EMERGENCY.isdisjoint({Permission.GIVE_ACCESS, Permission.ADMIT_AGENCY, Permission.CLOSE_CASE})


@pytest.mark.req("B-025", part="raw SQL as the web role makes no such grant, and lengthens none")
def test_the_web_role_makes_and_lengthens_no_grant_of_broken_glass(play: Play) -> None:
    me = play.cast["vink-kollega"].id

    def grant(reason: str, **more: object) -> uuid.UUID:
        given = {"worker_id": me, "given_by_id": me, "matter_id": play.matter_id, "reason": reason}
        moments = rows("SELECT store.now(), store.now() + interval '1 hour'")[0]
        return insert("access_grant", **(given | {"starts_at": moments[0], "ends_at": moments[1]} | more))

    act_as(me)
    with refused():
        grant(BREAK_GLASS)
    act_as(play.cast["vink"].id)
    with refused():
        grant(BREAK_GLASS, given_by_id=play.cast["vink"].id)
    glass = shatter(play)
    act_as(me)
    for statement in (
        "UPDATE access_grant SET ends_at = ends_at + interval '1 hour' WHERE id = %s",
        "UPDATE access_breakglass SET review_due_at = review_due_at + interval '1 year' WHERE grant_id = %s",
        "DELETE FROM access_breakglass WHERE grant_id = %s",
    ):
        with refused():
            run(statement, glass.grant_id)
    for reason in (BREAK_GLASS, "own", "colleague"):
        with refused():
            grant(reason)
    with refused():
        grant("colleague", worker_id=play.cast["vink"].id)
    with refused():
        run("UPDATE access_grant SET ended_at = store.now() WHERE worker_id = %s", play.cast["vink"].id)
    with refused():
        insert("access_admission", matter_id=play.matter_id, agency_id=play.agency("sof"), admitted_by_id=me)
    with refused():
        run("UPDATE access_admission SET ended_at = store.now() WHERE matter_id = %s", play.matter_id)
    with refused():
        run("UPDATE cases_case SET lead_id = %s WHERE id = %s", play.agency("dks"), play.case_id)
    with refused():
        insert(
            "cases_casemove",
            matter_id=play.matter_id,
            unit_id=play.cast["vink"].unit_id,
            case_id=play.case_id,
            worker_id=me,
            agency_id=play.agency("vink"),
            name="receive",
            from_step=1,
            to_step=2,
            number=1,
        )


@pytest.mark.parametrize(
    "given",
    [
        {"lasts": "25 hours"},
        {"lasts": "0 hours"},
        {"lasts": None},
        {"emergency": "curiosity"},
        {"emergency": None},
        {"glass_reason": b"\x00" * 30},
        {"event_reason": None},
    ],
)
def test_the_function_itself_checks_reason_emergency_and_time(play: Play, given: dict[str, object]) -> None:
    reference = reference_of(play)
    play.become("vink-kollega")
    with refused():
        knock(reference, **given)
    assert knock(reference) == ("opened", play.matter_id)


def test_nobody_breaks_it_for_somebody_else_or_without_being_signed_in(play: Play) -> None:
    reference = reference_of(play)
    act_as(None)
    with refused():
        knock(reference)
    with as_owner():
        act_as(play.cast["vink"].id)
        given = {"worker": play.cast["vink-kollega"], "given_by": play.cast["vink"], "matter_id": play.matter_id}
        with refused():
            Grant.objects.create(**given, reason=BREAK_GLASS, starts_at=play.now, ends_at=play.now.replace(year=9000))


# Who sees it


@pytest.mark.req("B-025", part="overseers and the lead agency are alarmed at once, without a word of the case")
def test_overseers_and_the_lead_are_told_and_nothing_is_told_them(play: Play) -> None:
    with as_owner():
        run("UPDATE cases_case SET lead_id = %s WHERE id = %s", play.agency("dks"), play.case_id)
    shatter(play)
    with as_owner():
        jobs = [args for (args,) in rows("SELECT args FROM procrastinate_jobs WHERE task_name = 'access.send_notice'")]
        (task,) = Task.objects.filter(kind=Task.Kind.BREAK_GLASS)
        assert (task.owner_id, task.assigned_to_id, task.readers) == (
            play.agency("dks"),
            play.agency("dks"),
            [play.agency("dks")],
        )
    jobs = [json.loads(args) if isinstance(args, str) else args for args in jobs]
    told = {args["worker_id"] for args in jobs}
    assert told == {str(play.cast[key].id) for key in ("dpo", "dpo-vikar", "dks")}
    assert all(args.keys() == {"worker_id", "notice", "language"} for args in jobs)
    with as_owner():
        send_notice(**jobs[0])
    (message,) = mail.outbox
    assert "Log ind i Forebyg" in message.body
    for secret in (REASON, reference_of(play), "VINK", "http", "adgangskode"):
        assert secret not in message.body + message.subject
    officer, now = play.become("dpo")
    assert (waiting(officer, now=now).running, waiting(officer, now=now).waiting) == (1, 1)
    worker, now = play.become("dpo-politi")
    assert waiting(worker, now=now).waiting == 0
    assert count("oversight_breakglass") == count("access_breakglass") == 0


@pytest.mark.req("B-025", "R-217", part="what is seen and done under broken glass is marked in the ledger by PostgreSQL")
def test_all_that_is_done_under_it_is_marked_and_listed(play: Play, client: Client) -> None:
    glass = shatter(play)
    alarm(play, "vink-kollega")
    client.force_login(play.cast["vink-kollega"])
    assert client.get(reverse("cases:items", args=[reference_of(play)])).status_code == 200
    assert client.get(reverse("cases:list")).status_code == 200
    alarm(play, "vink")
    officer, _now = play.become("dpo")
    done = done_in(officer, fetch_opening(officer, glass.id))
    assert {one.event.action for one in done} >= {"glass.broken", "alarm.raised", "case.seen", "cases.listed"}
    assert {one.event.worker_id for one in done} == {glass.worker_id}
    with as_owner():
        marked = rows("SELECT DISTINCT worker_id FROM audit_event WHERE codes ? 'glass'")
    assert marked == [(glass.worker_id,)]


def test_an_opening_stands_on_its_own_list_and_not_among_the_accesses(play: Play) -> None:
    shatter(play)
    officer, now = play.become("dpo")
    assert BREAK_GLASS not in {grant.reason for grant in grants_to_review(officer, now=now)}
    assert [row.emergency for row in OverseenBreakGlass.objects.all()] == [Emergency.DEPARTURE]


# Who judges it


@pytest.mark.req("B-025", part="another person reviews it, once, after it has closed")
def test_another_overseer_reviews_it_once_when_it_is_over(play: Play) -> None:
    play.admit("sekretariat")
    glass = shatter(play, "dpo")
    with pytest.raises(OwnOpening):
        review(play, glass)
    with pytest.raises(StillOpen):
        review(play, glass, "dpo-vikar")
    play.pass_time(hours=5)
    with pytest.raises(OwnOpening):
        review(play, glass)
    with pytest.raises(rules.TextMissing):
        review(play, glass, "dpo-vikar", note="  ")
    with pytest.raises(rules.NotAChoice):
        review(play, glass, "dpo-vikar", outcome="fine")
    with pytest.raises(NotVisible):
        review(play, glass, "dpo-politi")
    with pytest.raises(NotPermitted):
        review(play, glass, "vink")
    kept = review(play, glass, "dpo-vikar", outcome="not-justified")
    with pytest.raises(AlreadyReviewed):
        review(play, glass, "dpo-vikar")
    with as_owner():
        (stored,) = rows("SELECT note FROM oversight_breakglassreview")[0]
        assert b"Opkaldet" not in bytes(stored)
        assert rows("SELECT codes ->> 'outcome' FROM audit_event WHERE action = 'glass.reviewed'") == [("not-justified",)]
    officer, _now = play.become("dpo")
    assert fetch_opening(officer, glass.id).outcome == kept.outcome


@pytest.mark.req("B-025", part="nobody reviews the own opening, nor one that runs, by raw SQL either")
def test_the_web_role_reviews_neither_its_own_nor_what_runs_nor_twice(play: Play) -> None:
    play.admit("sekretariat")
    glass = shatter(play, "dpo")

    def judge(key: str, by: str | None = None) -> uuid.UUID:
        play.become(key)
        return insert(
            "oversight_breakglassreview", glass_id=glass.id, reviewed_by_id=play.cast[by or key].id, outcome="justified"
        )

    with refused():
        judge("dpo-vikar")
    play.pass_time(hours=5)
    for key, by in (("dpo", None), ("dpo", "dpo-vikar"), ("vink", None), ("dpo-politi", None)):
        with refused():
            judge(key, by)
    judge("dpo-vikar")
    with refused("23505"):
        judge("dpo-vikar")
    with refused():
        run("UPDATE oversight_breakglassreview SET outcome = 'not-justified'")


@pytest.mark.req("B-025", part="an overdue review is shown")
def test_what_waits_too_long_is_counted_as_overdue(play: Play) -> None:
    shatter(play)
    play.pass_time(days=6, hours=23)
    officer, now = play.become("dpo")
    assert (waiting(officer, now=now).running, waiting(officer, now=now).overdue) == (0, 0)
    play.pass_time(hours=2)
    officer, now = play.become("dpo")
    assert waiting(officer, now=now).overdue == 1


def test_an_overseer_closes_what_still_runs(play: Play) -> None:
    glass = shatter(play)
    other, now = play.become("dpo-politi")
    with pytest.raises(NotVisible):
        close_glass(worker=other, glass_id=glass.id, now=now)
    assert rows("SELECT oversight_close_glass(%s)", glass.id) == [(None,)]
    officer, now = play.become("dpo")
    close_glass(worker=officer, glass_id=glass.id, now=now)
    worker, _now = play.become("vink-kollega")
    forget_reach(worker)
    with pytest.raises(NotVisible):
        fetch_case(worker=worker, case_id=play.case_id)


# The pages


def posted(play: Play, **given: str) -> dict[str, str]:
    """What the form sends."""
    return {
        "token": str(new_id()),
        "reference": reference_of(play),
        "emergency": "departure",
        "reason": REASON,
        "confirmed": "on",
    } | given


def test_a_second_click_opens_nothing_more(play: Play, client: Client) -> None:
    client.force_login(play.cast["vink-kollega"])
    form = posted(play)
    first = client.post("/noedadgang/", form)
    assert first["Location"] == reverse("cases:case", args=[reference_of(play)])
    play.pass_time(seconds=1)
    second = client.post("/noedadgang/", form, follow=True)
    assert "Det er allerede gemt." in second.content.decode()
    with as_owner():
        assert count("access_breakglass") == 1


def test_the_banner_stands_on_every_page_of_the_case_and_nowhere_else(play: Play, client: Client) -> None:
    client.force_login(play.cast["vink-kollega"])
    client.post("/noedadgang/", posted(play))
    reference = reference_of(play)
    for page in ("case", "people", "timeline", "tasks", "assessments", "items", "measures", "sharing", "act-alarm"):
        html = client.get(reverse(f"cases:{page}", args=[reference])).content.decode()
        assert "Du er her med nødadgang" in html, page
        assert "Frygt for, at nogen er ved at rejse ud" in html
    client.force_login(play.cast["vink"])
    assert "nødadgang" not in client.get(reverse("cases:people", args=[reference])).content.decode().lower().replace(
        "/noedadgang/", ""
    ).replace("<span>nødadgang</span>", "")


def test_a_page_says_the_same_of_a_hidden_case_as_of_none(play: Play, client: Client) -> None:
    client.force_login(play.cast["dpo"])
    answers = []
    for reference in (reference_of(play), "1999-0001"):
        answer = client.post("/noedadgang/", posted(play, reference=reference))
        assert answer.status_code == 422
        text = answer.content.decode().replace(reference, "")
        answers.append(text[text.index('id="error-summary"') : text.index("</ul>", text.index('id="error-summary"'))])
    assert answers[0] == answers[1]
    with as_owner():
        assert rows("SELECT count(*) FROM audit_event WHERE action = 'glass.refused'") == [(2,)]


def test_the_form_asks_for_everything_and_for_the_confirmation(play: Play, client: Client) -> None:
    client.force_login(play.cast["vink-kollega"])
    form = posted(play)
    for name in ("reference", "emergency", "reason", "confirmed"):
        answer = client.post("/noedadgang/", {key: value for key, value in form.items() if key != name})
        assert answer.status_code == 422
    with as_owner():
        assert count("access_breakglass") == 0


def test_a_desk_left_open_learns_that_it_is_reviewed_already(play: Play, client: Client) -> None:
    glass = shatter(play)
    client.force_login(play.cast["dpo"])
    page = reverse("oversight:opening", args=[glass.id])
    shown = client.get(page).content.decode()
    assert REASON in shown
    assert "Gem gennemgangen" not in shown
    assert client.post(reverse("oversight:close-opening", args=[glass.id])).status_code == 302
    assert "Gem gennemgangen" in client.get(page).content.decode()
    review(play, glass, "dpo-vikar")
    late = client.post(page, {"token": str(new_id()), "outcome": "justified", "note": "Det var rigtigt."})
    assert late.status_code == 422
    assert "allerede gennemgået" in late.content.decode()
    again = client.post(reverse("oversight:close-opening", args=[glass.id]), follow=True)
    assert "allerede lukket" in again.content.decode()


def test_the_desk_shows_what_waits(play: Play, client: Client) -> None:
    glass = shatter(play)
    client.force_login(play.cast["dpo"])
    desk = client.get("/tilsyn/").content.decode()
    assert "Åbne nu: 1. Mangler gennemgang: 1. Over fristen: 0." in desk
    listed = client.get("/tilsyn/noedadgang/").content.decode()
    assert "VINKs kollega" in listed and reverse("oversight:opening", args=[glass.id]) in listed
    assert REASON not in listed
    assert "VINKs kollega" not in client.get("/tilsyn/noedadgang/?vis=gennemgaaet").content.decode()


@pytest.mark.req("B-025", part="a form that was opened before it closed changes nothing after")
def test_a_form_that_is_sent_after_it_closed_finds_no_case(play: Play, client: Client) -> None:
    client.force_login(play.cast["vink-kollega"])
    client.post("/noedadgang/", posted(play))
    address = reverse("cases:act-alarm", args=[reference_of(play)])
    assert client.get(address).status_code == 200
    play.pass_time(hours=5)
    typed = {"kind": "feared-departure", "text": "Det haster.", "about": [str(root) for root in play.subjects]}
    assert client.post(address, typed | {"token": str(new_id())}).status_code == 404
    with as_owner():
        assert count("cases_alarm") == 0
