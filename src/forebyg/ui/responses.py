"""What is answered when something cannot be done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_PAGES = {403: "403.html", 404: "404.html", 409: "409.html", 500: "500.html"}


def is_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page asks (not a whole page that htmx loads)."""
    return request.headers.get("HX-Request") == "true"


def fragment(request: HttpRequest, *, status: int, sentence: str | None = None) -> HttpResponse:
    """A short error for htmx. It lands in the page's role=status region, so that what the worker wrote stays where it is."""
    html = render_to_string("ui/fragment_error.html", {"status": status, "sentence": sentence}, request)
    response = HttpResponse(html, status=status)
    response["HX-Retarget"] = "#status"
    response["HX-Reswap"] = "innerHTML"
    response["HX-Reselect"] = ".alert"
    response["HX-Push-Url"] = "false"
    return response


def problem(request: HttpRequest, *, status: int, sentence: str | None = None) -> HttpResponse:
    """The answer to an error: a whole page (403, 404, 409 or 500), or a short fragment when htmx asks.

    `sentence` is shown as it is: it holds nothing personal and says what to do next.
    """
    if is_htmx(request):
        return fragment(request, status=status, sentence=sentence)
    return HttpResponse(render_to_string(_PAGES[status], {"sentence": sentence}, request), status=status)
