"""The check itself, in a process of its own that begins with an empty database."""

from __future__ import annotations

import sys

import django


def main() -> int:
    """Fill the database and play; the exit status is 1 when a check is not met."""
    from forebyg.cli.demo_cast import create_cast
    from forebyg.cli.demo_check.plays import play_all
    from forebyg.cli.demo_prepare import load_packs, migrate, signed_in_as
    from forebyg.cli.scenarios import lilleby
    from forebyg.store.roles import WEB

    migrate()
    load_packs()
    create_cast()
    create_cast(pack=lilleby.PACK, unit_name=lilleby.UNIT, seats=lilleby.SEATS, people=lilleby.PEOPLE)
    with signed_in_as(WEB):
        return 1 if play_all() else 0


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
