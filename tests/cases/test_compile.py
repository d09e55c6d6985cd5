"""The arrays of a compiled case: shapes, padding, normalisation, order."""

import copy
import inspect
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
import yaml

from allegiance.cases.axes import BUCKETS, axes_of
from allegiance.cases.compile import Built, compile_case
from allegiance.cases.errors import CaseError
from allegiance.cases.initial import FLOOR
from allegiance.cases.loading import CaseFiles, build, load
from allegiance.world import nouns
from allegiance.world.case import Case, Given, Today


class Plain(yaml.SafeDumper):
    def ignore_aliases(self, data) -> bool:
        return True


def rewritten(toy: CaseFiles, folder, edit) -> CaseFiles:
    """The template after `edit(case, timeline)` on its data."""
    folder.mkdir()
    data = [copy.deepcopy(document.data) for document in toy.documents]
    data[0]["name"] = folder.name
    edit(*data)
    for name, content in zip(("case.yaml", "timeline.yaml"), data, strict=True):
        text = yaml.dump(content, Dumper=Plain, sort_keys=False)
        (folder / name).write_text(text)
    return load(folder)


def fields(built: Built) -> Iterator[tuple[str, Any]]:
    """Name and array of every field."""
    for name, array in zip(Case._fields, built.case, strict=True):
        if name not in ("given", "today", "standing"):
            yield name, array
    for name, array in zip(Given._fields, built.given, strict=True):
        yield f"given.{name}", array
    for name, array in zip(Today._fields, built.today, strict=True):
        yield f"today.{name}", array
    for part, stocks in zip(built.world._fields, built.world, strict=True):
        for name, array in zip(stocks._fields, stocks, strict=True):
            yield f"{part}.{name}", array


@pytest.mark.parametrize("pad", [True, False])
def test_arrays_are_single_precision_and_finite(toy, pad: bool):
    built = compile_case(toy, pad=pad)
    for name, array in fields(built):
        whole = name.endswith("_stream") or name == "theatre_of"
        assert array.dtype == (np.int32 if whole else np.float32), name
        assert np.isfinite(array).all(), name
        assert array.flags.c_contiguous or array.ndim < 3, name


def test_first_step_stands_in_the_case(toy):
    built = compile_case(toy)
    for name, array in zip(Given._fields, built.given, strict=True):
        assert array.shape[0] == built.steps == 105
        np.testing.assert_array_equal(getattr(built.case.given, name), array[0])
    for name, array in zip(Today._fields, built.today, strict=True):
        assert array.shape[:2] == (105, 7)
        np.testing.assert_array_equal(getattr(built.case.today, name), array[0, 0])


def test_constants(toy):
    case = compile_case(toy).case
    np.testing.assert_allclose(case.strength_zero, np.log([60, 180]).mean(), rtol=1e-6)
    np.testing.assert_allclose(case.strength_start, [-np.log(3) / 2, np.log(3) / 2], rtol=1e-6)
    assert case.kinship[0].tolist()[:3] == pytest.approx([0.8, 0.6, 0.2])
    assert case.likeness.shape == (4 + 2, 4)
    assert case.likeness[:3, 0].tolist() == pytest.approx([1, 0.6, 0.3])
    assert case.likeness[4:, 0].tolist() == pytest.approx([0.3, 0.3])
    assert case.likeness[3].tolist() == [0, 0, 0, 0]
    assert case.resting_alpha[0].tolist() == pytest.approx([3.6, 3.0])
    assert case.people[:3].tolist() == pytest.approx([0.5, 0.2, 0.3])
    assert case.area.sum() == pytest.approx(1)
    np.testing.assert_allclose(case.adjacent[:3].sum(axis=1), 1)
    assert case.adjacent[0].tolist() == [0, 0.5, 0.5, 0]
    assert case.hostile[0].tolist() == [[0, 1], [1, 0]]
    assert case.backs[0].tolist() == [[1, 0], [0, 1]]
    assert case.pursues[0].tolist() == [[0, 1], [1, 0]]
    assert case.named_enemy[0].tolist() == [[0, 1], [0, 0]]
    assert case.priority[:2].tolist() == [[3, 2], [1, 1]]
    assert case.need[1].tolist() == [5, 0]
    assert case.site_reach.tolist() == [[1]]


def test_enemies_vetoes_and_arms(toy, edited):
    assert not compile_case(toy).case.enemy.any()
    border = '    proximity: {values: {north: 1.0}, assumed: "a common border"}\n'
    arms = '    arms_exports: {value: 3, assumed: "a test"}\n'
    folder = edited(
        (border, f"{border}    rivals: [coast, south]\n"),
        ("    rivals: [south]\n", f"    rivals: [south]\n    veto: true\n{arms}"),
    )
    case = compile_case(load(folder)).case
    valley, coast, north, south = 1, 2, 0, 1
    # Watchers: the clients, their padding, then the powers.
    assert np.argwhere(case.enemy).tolist() == [[valley, coast], [valley, 4 + south]]
    assert case.veto.tolist() == [1, 0]
    assert case.arms_exports[north] == 3


def test_strength_starts_from_what_burdens_leave(toy):
    built = compile_case(toy.set("north.force", 60))
    bound = load_with_burden(toy, 30)
    change = bound.case.strength_start - built.case.strength_start
    assert change.tolist() == pytest.approx([np.log(0.5), 0.0], abs=1e-6)
    drained = load_with_burden(toy, 600).case.strength_start - built.case.strength_start
    assert drained[0] == pytest.approx(np.log(0.02), rel=1e-5)


def load_with_burden(toy: CaseFiles, force: float) -> Built:
    case = copy.deepcopy(toy.documents[0].data)
    case["inputs"]["harbour.burden_force[north]"] = {"value": force, "assumed": "a test"}
    documents = (toy.documents[0]._replace(data=case), toy.documents[1])
    return compile_case(build(toy.folder, documents))


def test_the_world_at_the_start(toy):
    built = compile_case(toy)
    world, case = built.world, built.case
    np.testing.assert_allclose(world.ties.alignment.sum(axis=1), 1, rtol=1e-6)
    assert world.ties.alignment[3].tolist() == [0, 0, 1]
    np.testing.assert_allclose(world.regions.control.sum(axis=1), 1, rtol=1e-6)
    assert (world.regions.control >= FLOOR).all()
    expected = case.strength_start + case.facade
    np.testing.assert_allclose(
        world.beliefs.mean[[0, 1, 2, 4, 5]], np.tile(expected, (5, 1)), rtol=1e-6
    )
    assert (world.beliefs.variance == 0.25).all()
    held = 0.5 * 0.95 + 0.2 * 1.0 + 0.3 * 0.25
    assert np.exp(world.theatres.ground[0, 0]) == pytest.approx(held, abs=2e-3)
    assert world.clients.losing.tolist() == pytest.approx([world.theatres.ground[0, 0], 0, 0, 0])
    assert world.clients.alarm.tolist() == pytest.approx([0.1, 0, 0, 0])
    assert world.clients.treasury.tolist() == pytest.approx([10, 3, 75, 0])
    assert world.theatres.rules.tolist() == [[1, 0]]
    assert world.theatres.cohesion.tolist() == [[pytest.approx(0.97)] * 2]
    assert world.sites.holder.tolist() == [[1, 0]]
    assert (world.powers.exports == 1).all()
    assert not world.theatres.deployed.any()


def test_padding_is_neutral(toy, tmp_path):
    def grow(case, timeline):
        for name in ("third", "fourth", "fifth"):
            case["powers"][name] = copy.deepcopy(case["powers"]["south"])
            case["powers"][name]["rivals"] = []
        case["sides"] += ["other"]

    built = compile_case(rewritten(toy, tmp_path / "grown", grow))
    case, world = built.case, built.world
    assert case.power_on.tolist() == [1] * 5 + [0] * 3
    assert case.client_on.tolist() == [1, 1, 1, 0]
    assert case.region_on.tolist() == [1, 1, 1, 0]
    assert case.side_on.tolist() == [[1, 1, 0, 0]]
    assert (world.regions.control >= FLOOR).all()
    assert world.regions.control[3, 0] == pytest.approx(1 - 3 * FLOOR)
    assert (world.theatres.cohesion[0, 2:] == 1).all()
    assert not case.in_theatre[:, 3].any()
    assert not case.people[3]
    assert (case.peak_force[5:] == 1).all()
    assert not world.powers.force[5:].any()
    assert (world.ties.alpha > 0).all()
    for axis in ("power", "client", "theatre", "region", "side", "site"):
        streams = getattr(case, f"{axis}_stream")
        assert len(set(streams.tolist())) == len(streams)
        count = len(axes_of(toy.case).names.of(axis))
        assert (streams[:count] < 200).all()
    assert (case.power_stream[5:] >= 200).all()
    assert (case.power_stream < 256).all()
    exact = compile_case(rewritten(toy, tmp_path / "exact", grow), pad=False)
    assert exact.case.power_on.tolist() == [1] * 5
    np.testing.assert_allclose(case.strength_start[:5], exact.case.strength_start)


def test_lengths_are_buckets(toy):
    size = axes_of(toy.case).size
    assert all(size[kind] in BUCKETS[kind] for kind in BUCKETS)
    assert size == {"power": 2, "client": 4, "theatre": 1, "region": 4, "side": 2, "site": 1}


def test_case_without_a_war(toy, tmp_path):
    def peace(case, timeline):
        case["theatres"], case["sites"], case["inputs"], case["outcomes"] = {}, {}, {}, {}
        timeline["entries"] = {}

    built = compile_case(rewritten(toy, tmp_path / "peace", peace))
    assert not built.case.theatre_on.any()
    assert built.labels.theatres == built.labels.regions == built.labels.sites == ()
    assert all(np.isfinite(array).all() for _, array in fields(built))


def test_a_war_that_is_not_simulated_cannot_be_lost(toy, tmp_path):
    def border(case, timeline):
        case["theatres"]["border"] = {"label": "x", "client": "valley", "sides": ["government"]}

    case = compile_case(rewritten(toy, tmp_path / "border", border)).case
    assert case.theatre_on.tolist() == [1, 0]
    assert case.client_of[1].tolist() == [0, 1, 0, 0]


def test_order_carries_no_meaning(toy, tmp_path):
    """Reversed files give permuted arrays; explicit streams travel with their entities."""

    def numbered(case, timeline):
        regions = case["theatres"]["harbour"]["regions"]
        for entities in (case["powers"], case["clients"], regions):
            for i, entity in enumerate(entities.values()):
                entity["stream"] = i

    def reverse(case, timeline):
        numbered(case, timeline)
        for key in ("powers", "clients"):
            case[key] = dict(reversed(case[key].items()))
        war = case["theatres"]["harbour"]
        war["regions"] = dict(reversed(war["regions"].items()))
        timeline["entries"] = dict(reversed(timeline["entries"].items()))

    one = compile_case(rewritten(toy, tmp_path / "one", numbered), pad=False)
    other = compile_case(rewritten(toy, tmp_path / "other", reverse), pad=False)
    assert other.labels.powers == one.labels.powers[::-1]
    assert other.case.power_stream.tolist() == [1, 0]
    letters = dict(axis_letters())
    for (name, a), (_, b) in zip(fields(one), fields(other), strict=True):
        for axis, letter in enumerate(letters[name]):
            b = np.take(b, ORDER[letter], axis=axis) if letter in ORDER else b
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7, err_msg=name)


# Reversed powers, clients and regions; watchers and alignment shares are reversed within blocks.
ORDER = {
    "p": [1, 0],
    "q": [1, 0],
    "c": [2, 1, 0],
    "r": [2, 1, 0],
    "o": [2, 1, 0, 4, 3],
    "+": [1, 0, 2],
}


def axis_letters():
    """Axes of each field from the comments of the contract: `# [c, p] ...`."""

    def of(kind):
        source = inspect.getsource(kind)
        for name, axes in re.findall(r"^    (\w+): Array  # \[([^\]]*)\]", source, re.MULTILINE):
            yield name, "".join(axes.replace("p + 1", "+").replace(" ", "").split(","))

    yield from of(Case)
    yield from ((f"given.{name}", "_" + axes) for name, axes in of(Given))
    yield from ((f"today.{name}", "__" + axes) for name, axes in of(Today))
    for part in nouns.World._fields:
        kind = getattr(nouns, part.capitalize())
        yield from ((f"{part}.{name}", axes) for name, axes in of(kind))


def test_shapes_are_those_of_the_contract(toy):
    built = compile_case(toy)
    size = {"p": 2, "q": 2, "c": 4, "k": 1, "r": 4, "s": 2, "b": 1, "m": 5, "o": 6, "+": 3}
    letters = dict(axis_letters())
    for name, array in fields(built):
        expected = tuple(size[letter] for letter in letters[name].lstrip("_"))
        lead = array.ndim - len(expected)
        assert array.shape[lead:] == expected, name
        assert lead == letters[name].count("_"), name


@pytest.mark.parametrize(
    ("until", "step_days"),
    [(date(2001, 1, 1), 7.0), (date(1999, 1, 1), 7.0), (date(2101, 1, 1), 0.01), (None, 0.0)],
)
def test_no_span(toy, until, step_days: float):
    with pytest.raises(CaseError) as caught:
        compile_case(toy, until=until, step_days=step_days)
    assert caught.value.allowed


def test_large_case_compiles(toy, tmp_path):
    """Twenty regions, fourteen clients, a hundred entries, fifteen years."""

    def grow(case, timeline):
        case["until"] = date(2015, 12, 31)
        harbour = case["theatres"]["harbour"]["regions"]
        for i in range(17):
            harbour[f"r{i}"] = {**copy.deepcopy(harbour["port"]), "neighbours": []}
        for i in range(11):
            case["clients"][f"c{i}"] = copy.deepcopy(case["clients"]["coast"])
        for i in range(96):
            timeline["entries"][f"e{i}"] = copy.deepcopy(timeline["entries"]["war_on_the_border"])

    rewritten(toy, tmp_path / "large", grow)
    built = compile_case(load(tmp_path / "large"))
    assert built.steps == 783
    assert sum(built.case.region_on) == 20
