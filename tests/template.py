"""Run as the owner: migrate the template database and put the demo's cast in it."""

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    from forebyg.cli.demo_cast import create_cast
    from forebyg.store.identity import now
    from forebyg.strategy.actions import load_pack
    from forebyg.strategy.reading import PACKS

    for file in ("copenhagen-2016.yaml", "lilleby-2016.yaml"):
        load_pack(path=PACKS / file, now=now())
    create_cast()
