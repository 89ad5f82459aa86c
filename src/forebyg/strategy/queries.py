"""Reading packs. They hold no personal data, so there is nothing to ask `visible_to` for."""

from __future__ import annotations

import functools

from django.utils.translation import gettext_lazy as _

from forebyg.access.models import Worker
from forebyg.core.errors import RuleBroken
from forebyg.store.together import Question, ask
from forebyg.strategy.editions import pack_from
from forebyg.strategy.models import PackEdition
from forebyg.strategy.schema import Pack


class PackNotLoaded(RuleBroken):
    """No edition of the pack has been loaded."""

    code = "pack-not-loaded"


def current_pack(pack_id: str) -> Pack:
    """The edition of a pack that was loaded last; one small query, the pack itself is kept in the process.

    Raises `PackNotLoaded`.
    """
    pack: Pack
    (pack,) = ask(asked_pack(pack_id))
    return pack


def asked_pack(pack_id: str) -> Question[Pack]:
    """The same, to be asked for with other things."""

    def read(rows: list[tuple[str]]) -> Pack:
        if not rows:
            raise PackNotLoaded(
                _("Strategipakken %(pack)s er ikke indlæst. Bed administratoren om at indlæse den.") % {"pack": pack_id}
            )
        return _pack_with(rows[0][0])

    newest = "SELECT content_hash FROM strategy_packedition WHERE pack_id = %s ORDER BY loaded_at DESC, id DESC LIMIT 1"
    return Question(newest, [pack_id], read)


def pack_edition(pack_id: str, version: str) -> Pack:
    """One edition of a pack, also an earlier one (R-165). Raises `PackNotLoaded`."""
    edition = PackEdition.objects.filter(pack_id=pack_id, version=version).values_list("content_hash", flat=True).first()
    if edition is None:
        raise PackNotLoaded(
            _("Version %(version)s af strategipakken %(pack)s er ikke indlæst.") % {"pack": pack_id, "version": version}
        )
    return _pack_with(edition)


def pack_of(worker: Worker) -> Pack:
    """The current pack of the worker's unit. Raises `PackNotLoaded`."""
    return current_pack(worker.unit.pack)


@functools.lru_cache(maxsize=16)
def _pack_with(content_hash: str) -> Pack:
    edition = PackEdition.objects.filter(content_hash=content_hash).latest("loaded_at")
    return pack_from(edition.content)
