"""Every address and every event has words, in every command that speaks to people."""

import json
import re

import pytest

from allegiance.cases.loading import load, shipped
from allegiance.cases.new import TEMPLATE
from allegiance.cli.main import code
from allegiance.engine import selection
from allegiance.engine.observe import EVENTS, QUANTITIES
from allegiance.evidence import dossier
from allegiance.show import sentences

SAY_IT_THEMSELVES = {
    *("access", "alignment", "civilian_share", "cohesion", "commitment", "debt", "force"),
    *("sanctions", "siege", "trust"),
}
RAW = re.compile(r"[a-z]_[a-z]|->|\[|[a-z]\.[a-z]")


def test_every_noun_has_words_or_is_one():
    for quantity in QUANTITIES:
        noun = quantity.noun.lstrip(".")
        assert noun in sentences.NOUNS or noun in SAY_IT_THEMSELVES, noun
    assert {noun for noun, _ in EVENTS} == set(sentences.EVENTS)


@pytest.mark.parametrize("name", shipped())
def test_no_address_is_left_in_what_a_case_reports(name):
    files = load(name)
    known = sentences.labels(files.case)
    told = [sentences.quantity(a, known) for a in selection.chain(files.case)]
    told += [sentences.quantity(a, known) for a in selection.story(files.case)]
    assert len(told) > 10
    if dossier.present(files):
        for item in dossier.load(files).items.values():
            told += sentences.observed(item, known)
            told += [sentences.stated(item, known)] if item.value is None else []
    assert [text for text in told if RAW.search(text.replace("N'Djamena", ""))] == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("harbour.government.odds", "Harbour: strength against its enemies (government)"),
        ("harbour->north.trust", "Harbour and North: trust"),
        ("harbour/capital.control[government]", "Harbour, The capital: area held (government)"),
        ("north.strikes.off_target_share", "North: strikes away from the named enemy"),
        ("harbour.short[north]", "Harbour: help that could not be delivered (North)"),
    ],
)
def test_an_address_is_told_in_words(address, words):
    assert sentences.quantity(address, sentences.labels(load(TEMPLATE).case)) == words


def test_the_chain_of_a_contrast_is_told_in_words(fake_engine, capsys):
    line = ["contrast", str(TEMPLATE), "--runs", "12", "--without", "S07"]
    assert code([*line, "--json"]) == 0
    chain = json.loads(capsys.readouterr().out)["chain"]
    known = sentences.labels(load(TEMPLATE).case)
    assert chain
    assert all(e["label"] == sentences.quantity(e["address"], known) for e in chain)
    assert code(line) == 0
    told = capsys.readouterr().out.split("What departed first?")[1]
    assert "north" in chain[0]["address"] or "harbour" in chain[0]["address"]
    assert not re.search(r"(north|harbour|east)[.\[]|->", told)
