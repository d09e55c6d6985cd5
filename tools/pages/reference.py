"""Pages made of tables and of other files: parameters, cases, commands, Python, decisions."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import allegiance
from allegiance.explain.rows import parameter_table
from allegiance.world.parameters import PARAMETERS
from pages import addresses
from pages.markdown import code, contents, table
from pages.verbs import VERBS
from pages.verbs import parameters as listed

DOCS = Path(__file__).parents[2] / "docs"
SHELF = Path(str(files("allegiance.cases"))) / "shipped"


def pages() -> dict[str, str]:
    """The pages by name."""
    made = {
        "parameters.md": _parameters(),
        "addresses.md": addresses.page(),
        "cli.md": _commands(),
        "api.md": _python(),
    }
    return made | _cases() | _decisions()


def _parameters() -> str:
    found = parameter_table()
    shares = [(tag, f"{100 * share:.0f}%") for tag, share in found["shares"].items()]
    parts = [
        "# Parameters",
        f"{found['n']} parameters, of which at most ten are free in inference. Each says how its "
        "value is known: *estimated* from a case, *documented* by a source, or *assumed*.",
        table(("known", "share"), shares),
    ]
    for verb in VERBS:
        here = [parameter for parameter in PARAMETERS if parameter.verb == verb]
        if here:
            parts += [f"## {verb}", listed(here)]
    return "\n\n".join(parts) + "\n"


def _cases() -> dict[str, str]:
    folders = sorted(file.parent for file in SHELF.glob("*/case.yaml"))
    made, names = {}, [folder.name for folder in folders]
    for folder in folders:
        text = (folder / "README.md").read_text(encoding="utf-8")
        made[f"cases/{folder.name}.md"] = f"(case-{folder.name})=\n{_unlinked(text)}"
    head = (
        "# Cases that come with it\n\n"
        "A case is a folder of YAML: `case.yaml` says who, where and how much, `timeline.yaml` "
        "what is given, `dossier.yaml` what it is held against. Its README says what it gets right "
        "and wrong. `allegiance new NAME` starts one of your own.\n\n"
    )
    made["cases/index.md"] = head + contents(*names) + "\n"
    return made


def _decisions() -> dict[str, str]:
    """The decisions' front page, which on its own has no list of them."""
    folder = DOCS / "decisions"
    names = sorted(file.stem for file in folder.glob("[0-9]*.md"))
    text = (folder / "README.md").read_text(encoding="utf-8")
    return {"decisions/README.md": f"{text}\n{contents(*names)}\n"}


def _unlinked(text: str) -> str:
    """Links to files of the folder become their names: they are not part of the pages."""
    return re.sub(r"\[([^]]+)\]\((?!https?:)[^)]+\)", r"\1", text)


def _commands() -> str:
    import typer

    from allegiance.cli.main import app

    program: Any = typer.main.get_command(app)
    context = program.make_context("allegiance", [], resilient_parsing=True)
    parts = [
        "# Command line",
        f"{program.help} Every command takes `--help` and `--json`. Exit codes: 0 done, 1 the "
        "machine failed (what is finished is kept), 2 the input is wrong, 130 interrupted.",
    ]
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True)
        taken = [p for p in command.params if p.param_type_name == "argument"]
        usage = " ".join(("allegiance", name, "[OPTIONS]", *(str(p.metavar) for p in taken)))
        text, _, example = (command.help or "").partition("Example: ")
        parts += [f"(command-{name})=\n## {name}", f"```sh\n{usage}\n```", text.strip()]
        if example:
            parts.append(f"```sh\n{' '.join(example.split())}\n```")
        lines = []
        for parameter in command.params:
            record = parameter.get_help_record(inner)
            if parameter in taken:
                lines.append((code(str(parameter.metavar)), _flags(parameter.help)))
            elif record:
                lines.append((code(record[0]), _flags(record[1])))
        parts.append(table(("argument or option", "meaning"), lines))
    return "\n\n".join(parts) + "\n"


def _flags(text: str) -> str:
    """Help text with its flags as code and its notes in parentheses."""
    text = re.sub(r"\[([^]]*)\]", r"(\1)", text)
    return re.sub(r"(?<![\w`])(--[a-z]+)", r"`\1`", text)


def _python() -> str:
    parts = [
        "# Python",
        "```python\nimport allegiance as al\n```",
        "What `import allegiance` offers; everything else may change without notice.",
    ]
    for name in allegiance.__all__:
        what = getattr(allegiance, name)
        module, inner = allegiance._HOMES[name]
        kind = "autoclass" if isinstance(what, type) else "autofunction"
        options = "\n   :members:" if isinstance(what, type) else ""
        parts.append(f"## {name}\n\n```{{eval-rst}}\n.. {kind}:: {module}.{inner}{options}\n```")
    return "\n\n".join(parts) + "\n"
