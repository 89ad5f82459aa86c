"""Headers that every answer carries, and what htmx gets in place of whole pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers

from forebyg.ui.responses import fragment, is_htmx

Answer = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_UNUSED_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES)
_OWN_MARKUP = 422  # a form with its errors: the view has answered with what belongs on the page


class SecurityHeaders:
    """Strict content security policy, nothing kept in caches, and no address given away to others (UI rules 3 and 12)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)  # what is not a page has a stricter one
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Referrer-Policy"] = "same-origin"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith(str(settings.STATIC_URL)):
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ("HX-Request", "HX-Request-Type"))
        return response


class HtmxResponses:
    """For htmx only: a lost sign-in becomes 401 with HX-Redirect, and an error page becomes a short fragment."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not is_htmx(request):
            return response
        if self._leads_to_sign_in(response):
            return self._sign_in_again(request)
        answered = response.status_code == _OWN_MARKUP or "HX-Retarget" in response or "HX-Redirect" in response
        if response.status_code >= 400 and not answered:
            return fragment(request, status=response.status_code)
        return response

    @staticmethod
    def _leads_to_sign_in(response: HttpResponseBase) -> bool:
        redirects = response.status_code in (301, 302, 303, 307)
        return redirects and urlsplit(response["Location"]).path == resolve_url(settings.LOGIN_URL)

    @staticmethod
    def _sign_in_again(request: HttpRequest) -> HttpResponse:
        """The whole page goes to sign-in, and from there back to the page (not to the part of it that was asked for)."""
        back = QueryDict(mutable=True)
        back["next"] = urlsplit(request.headers.get("HX-Current-URL", "/")).path or "/"
        response = HttpResponse(status=401)
        response["HX-Redirect"] = f"{resolve_url(settings.LOGIN_URL)}?{back.urlencode(safe='/')}"
        return response
