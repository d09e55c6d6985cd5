"""From a stored run to the page: everything that its template shows, and the file on the disk."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from allegiance.cases.errors import CaseError
from allegiance.cases.schema import Entry
from allegiance.engine.durable import replacing
from allegiance.engine.store import MANIFEST
from allegiance.engine.theories import THEORIES
from allegiance.show import sentences
from allegiance.show.confrontation import standing
from allegiance.show.figures.inputs import Inputs
from allegiance.show.report import attached, causes, commands, explained, facts, sources
from allegiance.show.report.bonds import bonds
from allegiance.show.report.pictures import Pictures
from allegiance.show.report.stored import Stored, stored
from allegiance.show.tables import number, percent
from allegiance.show.words import words
from allegiance.world.rows import ROWS

NAME = "report.html"


def write(
    folder: Path,
    out: Path | None = None,
    *,
    against: Path | None = None,
    comparison: Path | None = None,
    explanation: Path | None = None,
    case: str | None = None,
) -> Path:
    """Write the report of a stored run as one HTML file; return where it is.

    `out` defaults to report.html in the folder. `against` is a second stored run with the same
    noise; `comparison` and `explanation` are files that `compare --json` and `explain --json` have
    printed; `case` names the case where the folder keeps no copy of it.

    Raises:
        CaseError: a folder or a file is missing, damaged or about something else, or `out` cannot
            be written. Nothing half-written is left.
    """
    run = stored(folder, case=case)
    target = _target(folder / NAME if out is None else out)
    if against and against.resolve() == folder.resolve():
        allowed = "another stored run with the same seed and number of futures"
        raise CaseError("nothing differs", key="--against", found=against, allowed=allowed)
    other = stored(against, "--against", case) if against else None
    name = run.scenario.name
    text = rendered(
        run,
        other,
        attached.comparison(comparison, name) if comparison else None,
        attached.explanation(explanation, name) if explanation else None,
    )
    try:
        with replacing(target) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(target, error.strerror or type(error).__name__) from None
    return target


def _target(path: Path) -> Path:
    """`path`, which must be a file that can be written; tried before the work is done."""
    if path.is_dir():
        raise _unwritable(path, "it is a folder")
    if path.name != NAME and (path.parent / MANIFEST).exists():
        raise _unwritable(path, f"it lies among the files of a stored run; there only {NAME} may")
    if not path.parent.is_dir():
        raise _unwritable(path, "its folder does not exist")
    probe = path.with_name(f".{path.name}.draft")
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _unwritable(path, error.strerror or type(error).__name__) from None
    return path


def _unwritable(path: Path, reason: str) -> CaseError:
    allowed = "a file in a folder that can be written"
    return CaseError(f"cannot be written ({reason})", key="--out", found=str(path), allowed=allowed)


def rendered(
    run: Stored,
    other: Stored | None = None,
    comparison: dict[str, Any] | None = None,
    explanation: dict[str, Any] | None = None,
) -> str:
    """The page as text.

    Raises:
        CaseError: the two worlds share no noise.
    """
    from plotly.offline import get_plotlyjs

    # A script block ends at the first `</script`, wherever that stands.
    scripts = [get_plotlyjs().replace("</script", "<\\/script"), _text("page.js")]
    known = sentences.labels(run.scenario.files.case)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            **_content(run, other),
            known=known,
            comparison=comparison,
            theories={name: theory.summary for name, theory in THEORIES.items()},
            explained=explained.shown(
                explanation,
                facts.primary(run.futures.report),
                run.scenario.files.case.until.isoformat(),
            )
            if explanation
            else None,
            compare=commands.compare(comparison) if comparison else None,
            style=_text("page.css"),
            scripts=scripts,
            hashes=[b64encode(sha256(text.encode()).digest()).decode() for text in scripts],
        )
    )


@cache
def _environment() -> Any:
    """What reads the templates: compiled once, for a server writes many reports."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("allegiance.show", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"number": number, "percent": percent, "words": words}
    made.filters |= {"about": sentences.observed, "stated": sentences.stated}
    made.filters |= {"sentence": lambda text: text[:1].upper() + text[1:]}
    return made


@cache
def _text(name: str) -> str:
    return (files("allegiance.show.report") / name).read_text(encoding="utf-8")


def _content(run: Stored, other: Stored | None) -> dict[str, Any]:
    report, case = run.futures.report, run.scenario.files.case
    inputs = Inputs(run.futures, case)
    pictures = Pictures(run, inputs, other)
    outcome = facts.primary(report)
    theatre = facts.theatre_of(run, outcome)
    client = case.theatres[theatre].client if theatre else None
    backers = causes.backers(run, theatre)
    differs, chain = facts.differences(run.futures, other.futures) if other else ({}, [])
    about = report["outcomes"][outcome] if outcome else None
    held = run.confronted()
    elsewhere = Inputs(other.futures, case) if other else None
    return {
        "case": case,
        "report": report,
        "manifest": run.manifest,
        "runs": run.futures.runs,
        "levers": run.manifest["levers"],
        "about": about,
        "outcome": outcome,
        "figures": {
            "outcomes": pictures.outcomes(),
            "timing": pictures.timing(outcome) if outcome else None,
            "ground": list(pictures.ground()),
            "record": list(pictures.recorded()),
            "maps": list(pictures.maps(about["median_date"] if about else None)),
            "pledged": list(pictures.pledged()),
            "ties": pictures.ties(),
            "shifts": [p for power in backers if (p := pictures.shifts(power))],
            "trust": [p for power in backers if (p := pictures.trust(power))],
            "departures": pictures.departures(chain),
        },
        "before": causes.before(run, inputs, outcome, theatre)
        if outcome and theatre and about and about["p"]
        else [],
        "given": facts.recent(run, about["median_date"] if about else None),
        "burdens": causes.burdens(run, theatre),
        "other": _other(other, differs, outcome, run.scenario.files.timeline.entries),
        "differs": differs,
        "ties": bonds(run, inputs, outcome, backers, client, elsewhere),
        "help": causes.help_before(run, inputs, outcome, theatre) if outcome and theatre else [],
        "events": facts.shared(run),
        "held": held,
        "standing": standing(held) if held else [],
        "unread": len(run.items) - (len(held.rows) if held else 0),
        "items": len(run.items),
        "parameters": sources.parameters(run.manifest["parameters"]),
        "sources": sources.figures(run.scenario.files),
        "command": commands.run(run),
        "missing": _missing(run, inputs),
    }


def _other(
    other: Stored | None,
    differs: dict[str, dict[str, Any]],
    outcome: str | None,
    entries: Mapping[str, Entry],
) -> dict[str, Any] | None:
    if other is None:
        return None
    named = {row.id: row.name for row in ROWS} | {id: entry.label for id, entry in entries.items()}
    pulled = [lever.split(" ", 1)[-1] for lever in other.manifest["levers"]]
    return {
        "levers": other.manifest["levers"],
        "meant": [named[id] for id in pulled if id in named],
        "theory": other.manifest["theory"],
        "command": commands.run(other),
        "outcome": differs.get(outcome) if outcome else None,
    }


def _missing(run: Stored, inputs: Inputs) -> dict[str, list[str]]:
    """What sections lack, by section: the addresses that `--record` would bring."""
    case = run.scenario.files.case
    wars = inputs.wars()
    patrons = list(dict.fromkeys(p for name in wars for p in causes.backers(run, name)))
    wanted = {
        "map": [
            f"{name}/{region}.control[{side}]"
            for name, war in wars.items()
            for region in war.regions
            for side in war.sides
        ],
        "ties": [
            f"{client}->{power}.{noun}"
            for power in patrons
            for client in case.clients
            for noun in ("trust", "alignment")
        ],
        "pledged": [
            f"{war.client}->{power}.{noun}"
            for name, war in wars.items()
            for power in causes.backers(run, name)
            for noun in ("pledge", "asked", "delivered")
        ],
        "dossier": [
            address for item in run.items.values() if not item.happens for address in item.addresses
        ],
    }
    return {name: inputs.missing(dict.fromkeys(addresses)) for name, addresses in wanted.items()}
