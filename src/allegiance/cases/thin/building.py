"""From a record to a case: in memory, or as a folder that can be read and edited."""

from __future__ import annotations

from pathlib import Path

import yaml

from allegiance.cases.loading import CaseFiles, build
from allegiance.cases.new import refuse_name, written_whole
from allegiance.cases.reading import Document
from allegiance.cases.thin.record import FIGURES, Record, completed
from allegiance.cases.thin.shape import case

README = """# {title}

A thin case, drafted by rule from a flat record: {kind}. Nobody looked at how it ended, and the rule
is the same for every record (`allegiance.cases.thin`).

From the record: {given}.

By rule, each `assumed` in `case.yaml`: {ruled}; and the four regions, their people, their backing
and the motives of the powers.

It has no timeline and no dossier. What it can answer is `falls` and `overthrown`: whether and when
the government falls to its enemies or from within if the levels of the first day go on.
"""


def built(record: Record, name: str = "thin") -> CaseFiles:
    """The checked case of a record, without files.

    Raises:
        CaseError: a figure is wrong.
    """
    data = case(record, completed(record), name)
    documents = (Document("case.yaml", data, {}), Document("timeline.yaml", {"entries": {}}, {}))
    return build(Path(name), documents)


def written(record: Record, name: str, parent: str | Path = ".") -> Path:
    """Write the case of a record into the new folder `name` under `parent`; return it.

    Raises:
        CaseError: the name is none, a figure is wrong, or the folder exists or cannot be written.
    """
    folder = refuse_name(name, parent)
    built(record, name)
    data = case(record, completed(record), name)
    given = ", ".join(record.figures) or "nothing but the shape"
    ruled = ", ".join(figure for figure in FIGURES if figure not in record.figures) or "nothing"
    texts = {
        "case.yaml": yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000),
        "timeline.yaml": "entries: {}\n",
        "README.md": README.format(title=data["title"], kind=record.kind, given=given, ruled=ruled),
    }
    return written_whole(folder, texts)
