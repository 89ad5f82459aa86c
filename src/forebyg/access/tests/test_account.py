"""One's own page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from forebyg.access.models import Worker


@pytest.fixture
def signed_in(client: Client, cast: dict[str, Worker]) -> Client:
    client.force_login(cast["vink"])
    return client


def test_shortcuts_can_be_switched_off_and_on_again(signed_in: Client) -> None:
    def is_off() -> bool:
        return "data-shortcuts-off" in signed_in.get(reverse("cases:list")).content.decode()

    assert not is_off()
    signed_in.post(reverse("account"), {})
    assert is_off()
    signed_in.post(reverse("account"), {"shortcuts": "on"})
    assert not is_off()


def test_the_page_leads_to_the_password_and_is_found_behind_the_name(signed_in: Client) -> None:
    assert f'href="{reverse("account_change_password")}"' in signed_in.get(reverse("account")).content.decode()
    assert f'href="{reverse("account")}"' in signed_in.get(reverse("cases:inbox")).content.decode()
