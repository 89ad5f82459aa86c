"""Controllers, agencies, units, workers, roles and grants; the policy functions that read grants."""

from typing import Any

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Lets the one who signs in act in the rest of that request, before anything of the worker's is written."""

    name = "forebyg.access"
    label = "access"

    def ready(self) -> None:
        """Put our receiver before Django's, which notes the sign-in in the worker's own row."""
        from django.contrib.auth.models import update_last_login
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(_begin_acting, dispatch_uid="begin_acting")
        user_logged_in.connect(update_last_login, dispatch_uid="update_last_login")


def _begin_acting(*, user: Any, **_: object) -> None:
    from django.db import connection

    from forebyg.store.identity import act_as

    if connection.in_atomic_block:
        act_as(user.id)
