"""No code outside the cases knows a country: names stand in data and in usage examples alone."""

import ast
import re
from pathlib import Path

import allegiance
from allegiance.cases import loading
from allegiance.panel import crises

SOURCE = Path(allegiance.__file__).parent


def countries() -> set[str]:
    """Labels of all powers and clients of the shipped cases and of the panel of crises."""
    found: set[str] = set()
    for name in loading.shipped():
        case = loading.load(name).case
        found |= {actor.label for actor in (*case.powers.values(), *case.clients.values())}
    for record in crises.episodes().values():
        found |= {record.client, *re.split(r" and |, ", record.patron)}
    return found


def said(tree: ast.AST) -> list[str]:
    """Names and texts that code can act on: all but comments and texts that stand alone."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            found.append(node.value)
        elif isinstance(node, ast.Name):
            found.append(node.id)
        elif isinstance(node, ast.Attribute):
            found.append(node.attr)
    return found


def test_no_code_outside_the_cases_names_a_country() -> None:
    names = countries()
    assert len(names) > 40
    pattern = re.compile(
        r"(?i)(?<![a-z])(" + "|".join(map(re.escape, sorted(names))) + r")(?![a-z])"
    )
    assert pattern.search("russia_leaves")
    wrong = []
    for file in sorted(SOURCE.rglob("*.py")):
        if file.relative_to(SOURCE).parts[0] == "cases":
            continue
        texts = said(ast.parse(file.read_text(encoding="utf-8")))
        wrong += [f"{file.name}: {text}" for text in texts if pattern.search(text)]
    # Usage examples and the title of a published data set may name one.
    allowed = ("Example:", "Start with: allegiance", "Ukraine Support Tracker")
    assert [text for text in wrong if not any(each in text for each in allowed)] == []
