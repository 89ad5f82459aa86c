"""`forebyg law …`: try a question without a case, and check a pack. Neither asks the database."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:  # read when a command needs them: the command line must start quickly
    from forebyg.law import Exchange, Finding, Law, Measure

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Loven: prøv et spørgsmål, efterse en lovpakke.")

SIGNED_BY = "–"
_AS_IF_SIGNED = {
    "da": "Regnet, som om alle hjemler er godkendt i huset. Ikke juridisk rådgivning.",
    "en": "Reckoned as if every provision were signed off in the house. Not legal advice.",
}
_LABELS = {
    "da": {"purpose": "kun til", "condition": "vilkår", "missing": "mangler", "mark": "mærke", "caveat": "forbehold"},
    "en": {"purpose": "only for", "condition": "condition", "missing": "missing", "mark": "mark", "caveat": "caveat"},
}


@app.command()
def explain(
    sender: Annotated[str | None, typer.Option("--from", help="Hvem der fortæller, f.eks. school.")] = None,
    to: Annotated[str | None, typer.Option(help="Hvem der får det at vide, f.eks. police.")] = None,
    forum: Annotated[str, typer.Option(help="ssp, psp, ksp eller none.")] = "none",
    received_under: Annotated[str, typer.Option(help="Det samarbejde, afsenderen selv fik det i.")] = "none",
    age: Annotated[int | None, typer.Option(help="Borgerens alder.")] = None,
    guardians: Annotated[int | None, typer.Option(help="Hvor mange der har forældremyndigheden.")] = None,
    custody: Annotated[str | None, typer.Option(help="none, remand, serving, released …")] = None,
    standing: Annotated[str | None, typer.Option(help="none, suspected, at-risk, radicalised.")] = None,
    exposed: Annotated[bool | None, typer.Option(help="Om borgeren er socialt udsat.")] = None,
    purpose: Annotated[str | None, typer.Option(help="crime-prevention, support, child-welfare …")] = None,
    category: Annotated[list[str], typer.Option(help="ordinary, private, sensitive, offences. Kan gives flere gange.")] = [],  # noqa: B006
    consent: Annotated[list[str], typer.Option(help="F.eks. share:citizen:given. Kan gives flere gange, i tidens orden.")] = [],  # noqa: B006
    trigger: Annotated[str | None, typer.Option(help="serious-violence eller terror.")] = None,
    weighing: Annotated[str, typer.Option(help="written eller missing.")] = "written",
    need: Annotated[str, typer.Option(help="written eller missing.")] = "written",
    clarified: Annotated[list[str], typer.Option(help="Tvivl, der er afklaret, f.eks. bif-in-forums.")] = [],  # noqa: B006
    same_controller: Annotated[bool, typer.Option(help="De to hører under samme dataansvarlige.")] = False,
    from_public_task: Annotated[bool | None, typer.Option(help="Afsenderen løser en offentlig opgave.")] = None,
    to_public_task: Annotated[bool | None, typer.Option(help="Modtageren løser en offentlig opgave.")] = None,
    measure: Annotated[str | None, typer.Option(help="Et tiltag i stedet for en videregivelse, f.eks. mentor.")] = None,
    by: Annotated[str | None, typer.Option(help="Hvem der vil bruge tiltaget.")] = None,
    by_public_task: Annotated[bool | None, typer.Option(help="Den, der vil bruge tiltaget, løser en offentlig opgave.")] = None,
    ground: Annotated[list[str], typer.Option(help="Grund til tiltaget, f.eks. truancy. Kan gives flere gange.")] = [],  # noqa: B006
    cooperation: Annotated[str | None, typer.Option(help="cooperates, partly, refused.")] = None,
    pack: Annotated[str, typer.Option(help="Lovpakke eller fil; ellers den, der gælder dagen.")] = "",
    moment: Annotated[str, typer.Option(help="Dagen som ÅÅÅÅ-MM-DD; ellers i dag.")] = "",
    language: Annotated[str, typer.Option(help="da eller en.")] = "da",
) -> None:
    """Sig, om A må fortælle B noget om en borger, eller om et tiltag må bruges: efter hvad, og hvad der mangler."""
    from forebyg.law import FactsInvalid, PackInvalid, exchange_from, measure_from

    day = moment or datetime.date.today().isoformat()  # noqa: DTZ011 - a day in the law is a day where one is
    subject = {"age": age, "guardians": guardians, "custody": custody, "standing": standing, "exposed": exposed}
    try:
        shared = {"subject": subject, "purpose": purpose, "consents": [_consent(one) for one in consent], "moment": day}
        question: Exchange | Measure
        if measure is not None or by is not None:
            acting = _party(by, "by", by_public_task, forum)
            question = measure_from(shared | {"measure": measure, "by": acting, "grounds": ground, "cooperation": cooperation})
        else:
            question = exchange_from(
                shared
                | {
                    "from": _party(sender, "from", from_public_task, forum),
                    "to": _party(to, "from" if same_controller else "to", to_public_task, forum),
                    "forum": forum,
                    "received_under": received_under,
                    "categories": category or None,
                    "trigger": {"kind": trigger, "weighing": weighing} if trigger else None,
                    "need": need,
                    "clarified": clarified,
                }
            )
        finding = _law(pack, question.moment).judge(question)
    except (FactsInvalid, PackInvalid) as error:
        _misspelt(str(error))
    for line in _lines(finding, "en" if language.startswith("en") else "da"):
        typer.echo(line)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="En lovpakke (YAML).")]) -> None:
    """Efterse en lovpakke. Status 0: den kan bruges; 1: alt, der er galt, står med fil, linje og grund."""
    from forebyg.law import PackInvalid, load_law

    try:
        law = load_law(file)
    except PackInvalid as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    meta = law.pack.meta
    typer.echo(f"✓ {meta.id} {meta.version}: {len(law.versions)} hjemler. / {len(law.versions)} provisions.")


def _party(kind: str | None, controller: str, public_task: bool | None, forum: str) -> dict[str, Any]:
    """A party with a controller of its own that takes part in the forum asked about."""
    forums = [forum] if forum != "none" else []
    return {"kind": kind, "controller": controller, "forums": forums, "public_task": public_task}


def _consent(written: str) -> dict[str, str]:
    return dict(zip(("kind", "by", "answer"), written.split(":"), strict=False))


def _law(pack: str, day: datetime.date | None) -> Law:
    from forebyg.law import load_law, pack_ids

    if not pack:
        known = [load_law(one).pack.meta for one in pack_ids()]
        begun = [meta.id for meta in sorted(known, key=lambda meta: meta.valid_from) if day and meta.valid_from <= day]
        pack = begun[-1] if begun else known[0].id
    return load_law(Path(pack) if pack.endswith((".yaml", ".yml")) else pack).signed_throughout(SIGNED_BY)


def _lines(finding: Finding, language: str) -> Iterator[str]:
    from forebyg.law.sentences import say

    labels = _LABELS[language]
    yield f"{finding.outcome}" + (f" ({finding.because})" if finding.because else "")
    yield finding.sentence.in_language(language)
    for basis in finding.bases:
        confidence = say("confidence", basis.confidence).in_language(language)
        yield f"  {basis.provision}: {basis.citation.in_language(language)} [{basis.pack} {basis.version}; {confidence}]"
        yield f"    {labels['purpose']}: {basis.purpose_limit.in_language(language)}"
        yield from (f"    {labels['condition']}: {one.in_language(language)}" for one in basis.conditions)
        yield from (f"    {labels['caveat']}: {one.in_language(language)}" for one in basis.caveats)
    yield from (f"  {labels['mark']}: {mark}" for mark in finding.marks)
    yield from (f"  {labels['missing']}: {path}" for path in finding.missing)
    yield _AS_IF_SIGNED[language]


def _misspelt(told: str) -> NoReturn:
    typer.echo(told, err=True)
    raise typer.Exit(2)
