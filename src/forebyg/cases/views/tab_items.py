"""What is known: pieces of information with risk and protection side by side; documents, meetings and alarms."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.http import HttpResponse

from forebyg.cases import wording
from forebyg.cases.models import Alarm, AlarmEnd, Disclosure, Document, Item, Meeting
from forebyg.cases.models.record import Forum
from forebyg.cases.page import CasePage
from forebyg.cases.queries import asked_records, records_of
from forebyg.cases.rules import FORUM_ITEMS
from forebyg.cases.versions import earlier_versions

Versions = dict[uuid.UUID, list[Item]]


def items(page: CasePage) -> HttpResponse:
    """Newest first, of one forum where asked for (R-043). Nothing is counted together or scored (R-029)."""
    forums = _forums(page)
    everything = records_of(page.worker, page.case, Item)[::-1]
    came_under = {one.root: forums.get(one.root, one.forum) for one in everything}
    chosen = page.request.GET.get("forum", "")
    chosen = chosen if chosen in Forum.values else ""
    found = [one for one in everything if not chosen or came_under[one.root] == chosen]
    documents = records_of(page.worker, page.case, Document)[::-1]
    meetings = records_of(page.worker, page.case, Meeting)[::-1]
    alarms = records_of(page.worker, page.case, Alarm)[::-1]
    ends = {end.alarm: end for end in records_of(page.worker, page.case, AlarmEnd)}
    earlier = _earlier_versions(page, found)
    page.know(found, meetings, alarms, ends.values(), *earlier.values())
    return page.answer(
        "cases/case/items.html",
        records=[row.root for row in [*found, *documents, *meetings, *alarms, *ends.values()]],
        standing={
            weight: [one for one in found if one.weight == weight and not one.retraction] for weight in Item.Weight.values
        },
        retracted=[one for one in found if one.retraction],
        earlier=earlier,
        documents=documents,
        meetings=meetings,
        joint={one.root for one in meetings if one.joint} | {one.joint for one in meetings},
        alarms=alarms,
        ends=ends,
        came_under={root: wording.label(Forum, forum) for root, forum in came_under.items()},
        chosen_forum=chosen,
        forum_options=[
            (value, label, value == chosen) for value, label in Forum.choices if value in came_under.values() or value == chosen
        ],
    )


def _forums(page: CasePage) -> dict[uuid.UUID, str]:
    """By the root of what others told us: the forum that they told it in, when they did so in one."""
    (told,) = page.together(asked_records(page.worker, page.case, Disclosure, only="withdrawn_at IS NULL"))
    received = [row for row in told if row.recipient_id == page.worker.agency_id]
    return {row.record_root: row.finding["forum"] for row in received if row.finding.get("forum") in FORUM_ITEMS}


def _earlier_versions(page: CasePage, found: list[Item]) -> Versions:
    by_root: Versions = defaultdict(list)
    for version in earlier_versions(page.worker, page.case, found):
        by_root[version.root].append(version)
    return by_root
