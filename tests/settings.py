"""The product's settings, but for how tests reach the database: as a superuser who takes on the web role, so that a test
can also look at everything as the owner within the same transaction (`as_owner`)."""

from forebyg.config.settings import *  # noqa: F403
from forebyg.config.settings import DATABASES, FOREBYG

DATABASES["default"] |= {"USER": "postgres", "NAME": "forebyg_template", "OPTIONS": {}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Tests sign in without a page; those of the second factor ask for it by the fixture `second_factor_required`.
FOREBYG = FOREBYG.model_copy(update={"second_factor": "skipped"})
