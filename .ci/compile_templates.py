"""Compile every Jinja2 template of every room, and see that each template that one names is there."""

from __future__ import annotations

import sys

import django
import jinja2
from django.template import engines
from jinja2.meta import find_referenced_templates


def problems(environment: jinja2.Environment) -> list[str]:
    """One line for each template that does not compile or names one that is not there."""
    found = []
    names = environment.list_templates(extensions=["html", "txt", "xml", "svg"])
    for name in names:
        try:
            environment.get_template(name)
            source, path, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
            named = find_referenced_templates(environment.parse(source))
            found += [f"{path}: names {other}, which is not there" for other in named if other and other not in names]
        except jinja2.TemplateSyntaxError as error:
            found.append(f"{error.filename or name}:{error.lineno}: {error.message}")
    if not names:
        found.append("no template was found")
    return found


if __name__ == "__main__":
    django.setup()
    lines = problems(engines["jinja2"].env)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.exit(bool(lines))
