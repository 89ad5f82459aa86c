"""Django settings. What an installation may set is `Installation` (environment `FOREBYG_*`); the rest is the product."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from forebyg.config.installation import installation

FOREBYG = installation()
SOURCE = Path(__file__).resolve().parent.parent

SECRET_KEY = FOREBYG.secret_key.get_secret_value()
DEBUG = False
ALLOWED_HOSTS = FOREBYG.hosts
CSRF_TRUSTED_ORIGINS = FOREBYG.origins

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "forebyg.ui",
    "forebyg.store",
    "forebyg.audit",
    "forebyg.matters",
    "forebyg.access",
    "forebyg.strategy",
    "forebyg.people",
    "forebyg.cases",
    "forebyg.sharing",
    "forebyg.intake",
    "forebyg.meetings",
    "forebyg.oversight",
]

MIDDLEWARE = [
    "forebyg.config.health.Health",
    "forebyg.ui.request_code.RequestCode",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "forebyg.ui.middleware.SecurityHeaders",
    "django_htmx.middleware.HtmxMiddleware",
    "forebyg.ui.middleware.HtmxResponses",
    "forebyg.cases.uploads.Uploads",
    "forebyg.store.middleware.OneTransaction",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "forebyg.access.middleware.ActingWorker",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "forebyg.access.middleware.Errors",
    "forebyg.access.second_factor.SecondFactorFirst",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]

ROOT_URLCONF = "forebyg.config.urls"
WSGI_APPLICATION = "forebyg.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "forebyg.ui.environment.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "forebyg.config.navigation.page_context",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": FOREBYG.database()}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Worker"
AUTHENTICATION_BACKENDS = ["forebyg.access.backend.WorkerBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "forebyg.access.sign_in.NotTheDemoPassword"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "forebyg.access.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "30/m/ip"}
ACCOUNT_LOGIN_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "forebyg.access.second_factor.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if FOREBYG.https else "http"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = FOREBYG.session_minutes * 60 + 60  # a minute more than pages say: see access.middleware.prolong_session
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = FOREBYG.https
SESSION_COOKIE_NAME = "__Host-forebyg" if FOREBYG.https else "forebyg"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrftoken" if FOREBYG.https else "csrftoken"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if FOREBYG.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = FOREBYG.https
SECURE_HSTS_PRELOAD = FOREBYG.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if FOREBYG.https else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if FOREBYG.https else 0
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Dansk")), ("en", _("Engelsk"))]
LOCALE_PATHS = [SOURCE / "locale"]
FORMAT_MODULE_PATH = ["forebyg.ui.formats"]
LANGUAGE_COOKIE_NAME = "__Host-forebyg_sprog" if FOREBYG.https else "forebyg_sprog"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = FOREBYG.https
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = FOREBYG.static_folder
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = [
    "forebyg.cases.documents.incoming.NoFiles"
]  # files reach the forms that ask for them, sealed, and no disk in clear

CACHES = {
    "default": {"BACKEND": "forebyg.store.shared_cache.SharedCache"}
}  # nothing pushes out the counters that slow sign-ins
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # nothing is kept in the browser

EMAIL_BACKEND = (
    "django.core.mail.backends.console.EmailBackend" if FOREBYG.demo else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = FOREBYG.mail_host, FOREBYG.mail_port, 10
DEFAULT_FROM_EMAIL = FOREBYG.mail_from

LOGGING_CONFIG = "forebyg.config.log_lines.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "forebyg.config.log_lines.LineWithoutContent"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # the content security policy says frame-ancestors 'none'
    "security.W008",  # TLS ends in the proxy before us, which also redirects (docs/operations.md)
]
