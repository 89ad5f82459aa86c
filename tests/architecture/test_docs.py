"""The project's documents: complete, in agreement with what they describe, and without addresses they must not hold."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.architecture.actors_page import PAGE, Actor, read_actors, render

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PACKS = ROOT / "src/forebyg/strategy/packs"


def actors_by_id() -> dict[str, Actor]:
    return {actor.id: actor for actor in read_actors().actors}


def pack_actors() -> list[dict[str, Any]]:
    pack = yaml.load((PACKS / f"{read_actors().pack}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    actors: list[dict[str, Any]] = pack["actors"]
    return actors


def table_names(page: Path) -> set[str]:
    """The names in the first column of the page's tables."""
    return set(re.findall(r"^\| `([^`]+)` \|", page.read_text(encoding="utf-8"), flags=re.MULTILINE))


# --- actors


def test_every_actor_of_the_pack_stands_in_one_place_under_its_own_name() -> None:
    mapped = [(actor.id, actor.name.da, actor.name.en) for actor in read_actors().actors]
    assert mapped == [(actor["id"], actor["name"]["da"], actor["name"]["en"]) for actor in pack_actors()]
    assert len({actor_id for actor_id, _, _ in mapped}) == len(mapped)


def test_every_agency_belongs_to_a_controller_and_nothing_else_does() -> None:
    actors = actors_by_id()
    for actor in actors.values():
        if actor.place == "agency":
            assert actor.controller is not None, actor.id
            assert actors[actor.controller].place == "controller", actor.id
        else:
            assert actor.controller is None, actor.id


def test_a_person_role_that_is_fixed_to_an_agency_names_an_agency() -> None:
    actors = actors_by_id()
    for actor in actors.values():
        if actor.agency is not None:
            assert actor.place == "person-role", actor.id
            assert actors[actor.agency].place == "agency", actor.id


def test_only_those_who_can_hold_information_have_a_seat_or_a_part_in_the_demo() -> None:
    for actor in read_actors().actors:
        if actor.place in {"published-reports", "never"}:
            assert (actor.seat, actor.demo) == (None, False), actor.id


def test_pet_and_those_outside_the_forums_never_are_recipients() -> None:
    actors = actors_by_id()
    outside = {"civil-society", "housing", "foreign-authority", "state-security", "legal-cooperation"}
    for actor in pack_actors():
        if actor["kind"] in outside:
            assert actors[actor["id"]].place == "never", actor["id"]
    assert actors["medborgerforummet"].place == "never"


def test_political_bodies_get_published_reports_only() -> None:
    actors = actors_by_id()
    for actor in pack_actors():
        if actor["kind"].startswith("political"):
            assert actors[actor["id"]].place == "published-reports", actor["id"]


def test_every_permanent_participant_of_the_pack_has_a_permanent_seat() -> None:
    actors = actors_by_id()
    seated = {actor.id for actor in actors.values() if actor.seat == "permanent"}
    expected = {actor["id"] for actor in pack_actors() if actor["unit_role"] == "permanent-member"}
    assert seated == expected - {"koebenhavns-politi"} | {"dks"}, "DKS is the police's person in the unit (A-14)"


def test_the_page_of_actors_is_made_from_the_file() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(read_actors()), "run python -m tests.architecture.actors_page"


# --- dependencies


def direct_python_dependencies() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in (requirement for group in groups for requirement in group):
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert name is not None, requirement
        yield re.sub(r"[-_.]+", "-", name[0]).lower()


def direct_browser_dependencies() -> Iterator[str]:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    yield from package.get("dependencies", {})
    yield from package.get("devDependencies", {})


def test_every_direct_dependency_has_its_reason() -> None:
    direct = {*direct_python_dependencies(), *direct_browser_dependencies()}
    assert direct <= table_names(DOCS / "dependencies.md"), "docs/dependencies.md wants a line for each"


def test_no_reason_stands_for_a_dependency_that_is_gone() -> None:
    direct = {*direct_python_dependencies(), *direct_browser_dependencies()}
    assert table_names(DOCS / "dependencies.md") <= direct


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_no_python_lock_holds_a_download_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.findall(r"https?://\S+|--(?:extra-)?index-url|--find-links", text)


def test_the_browser_lock_holds_no_download_address() -> None:
    """Addresses where a package asks for funding stay: nothing is fetched from there."""

    def addresses(value: Any, key: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name != "funding":
                    yield from addresses(inner, f"{key}/{name}")
        elif isinstance(value, list):
            for inner in value:
                yield from addresses(inner, key)
        elif key.endswith("/resolved") or (isinstance(value, str) and re.search(r"https?://", value)):
            yield key

    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert not list(addresses(lock, ""))


# --- the rest


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    articles = [int(number) for number in re.findall(r"^(\d+)\. [A-Z]", text, flags=re.MULTILINE)]
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert articles == list(range(1, 16))
    assert " ".join(text.split()).endswith("to this Appendix require the production of a new EUPL version.")


@pytest.mark.parametrize("page", sorted((DOCS / "adr").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_has_its_number_status_situation_decision_and_consequence(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.match(rf"# {page.name[:4]} \S", text)
    assert re.search(r"^Status: ", text, flags=re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["Situation", "Decision", "What follows"]


def test_no_two_decisions_share_a_number() -> None:
    numbers = [page.name[:4] for page in (DOCS / "adr").glob("*.md")]
    assert len(set(numbers)) == len(numbers)


def test_the_glossary_has_one_word_for_each_idea() -> None:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| Danish")
    ]
    assert all(len(row) == 4 and all(row) for row in rows)
    for column in (0, 1):
        words = [row[column] for row in rows]
        assert sorted(set(words)) == sorted(words)


def test_every_file_that_the_documents_name_is_there() -> None:
    named: set[str] = set()
    for page in [ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]:
        named |= set(re.findall(r"`((?:docs|tests)/[\w./-]+\.(?:md|yaml|py))`", page.read_text(encoding="utf-8")))
    assert {name for name in named if not (ROOT / name).exists()} == set()
