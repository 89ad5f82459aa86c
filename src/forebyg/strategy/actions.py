"""Loading a pack."""

from __future__ import annotations

import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from forebyg.core.errors import RuleBroken
from forebyg.strategy.editions import content_of, hash_of
from forebyg.strategy.models import PackEdition
from forebyg.strategy.reading import read_pack


class VersionChanged(RuleBroken):
    """The version was loaded before with other content."""

    code = "pack-version-changed"


def load_pack(*, path: Path, now: datetime.datetime) -> PackEdition:
    """Load the pack in a YAML file as an edition, all or nothing; run as the owner of the database (R-164).

    The same content again gives the edition that is there. Raises `PackInvalid` with every problem in the file, and
    `VersionChanged` when its version was loaded with other content: a version never changes.
    """
    pack = read_pack(path)
    content = content_of(pack)
    content_hash = hash_of(content)
    with transaction.atomic():
        edition, _created = PackEdition.objects.get_or_create(
            pack_id=pack.meta.id,
            version=pack.meta.version,
            defaults={"content": content, "content_hash": content_hash, "loaded_at": now},
        )
    if edition.content_hash != content_hash:
        raise VersionChanged(
            _("Pakken %(pack)s version %(version)s er allerede indlæst med et andet indhold. Giv filen et nyt versionsnummer.")
            % {"pack": pack.meta.id, "version": pack.meta.version}
        )
    return edition
