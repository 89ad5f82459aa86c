"""Whether this process lives and whether it can serve, for a service manager and a load balancer.

Nobody is signed in and nothing is told but which part is not well. Both answer before sessions, host names and the request's
transaction, so that they answer when those can't.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forebyg.audit.state import seal_state
from forebyg.store.keys import KeyStoreUnavailable
from forebyg.store.own_key_store import check_own
from forebyg.store.sealed import key_store

Handler = Callable[[HttpRequest], HttpResponse]


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return _plain("ok", 200)


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200, or 503 with a line for each part that keeps us from serving: database, migrations, seal, keys."""
    ill = list(_what_is_ill())
    return _plain("\n".join(ill), 503) if ill else _plain("ok", 200)


class Health:
    """Answers the two addresses first of all."""

    _VIEWS = {"/health/live": live, "/health/ready": ready}

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self._VIEWS.get(request.path_info)
        return view(request) if view else self.get_response(request)


def _what_is_ill() -> Iterator[str]:
    ill = list(_what_is_ill_of_the_database())
    yield from ill
    try:
        store = key_store()
        store.check()
        if not {"database", "migrations"} & set(ill):
            check_own(store)
    except KeyStoreUnavailable:
        yield "keys"
    except Error:
        if "database" not in ill:
            yield "database"


def _what_is_ill_of_the_database() -> Iterator[str]:
    try:
        connection.ensure_connection()
        if not _migrations.are_applied():
            yield "migrations"
        elif seal_state().is_late:
            yield "seal"
    except Error:
        yield "database"


class _Migrations:
    """Whether the database has all of this version's migrations. Once it has, it is not asked again: nothing takes them away."""

    def __init__(self) -> None:
        self._applied = False

    def are_applied(self) -> bool:
        if not self._applied:
            executor = MigrationExecutor(connection)
            self._applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return self._applied


_migrations = _Migrations()


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
