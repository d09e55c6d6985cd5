"""Calibration on the small world: found again, interrupted, resumed, and used."""

import json

import numpy as np
import pytest

import allegiance as al
from allegiance.cli.main import code
from allegiance.engine import simulate
from allegiance.engine.draws import Draws
from allegiance.evidence import posteriors, record
from allegiance.infer import ensemble, smc
from allegiance.infer.calibrate import PRIORS, TREE
from allegiance.infer.space import space

from .conftest import level, text_of

UNTIL = "2001-06-30"
DAYS = ("2001-01-20", "2001-02-03", "2001-02-17", "2001-03-03")
FIT = ("conquest", "air_multiplier", "north.motive")
SMALL = {"until": UNTIL, "fit": FIT, "runs_per": 64, "seed": 3}
HELD = level("2002-06-01", 0.5, use="hold")


def items(values, sd=0.3):
    return {
        f"item_{i}": level(d, float(v), sd)
        for i, (d, v) in enumerate(zip(DAYS, values, strict=True))
    } | {"held": HELD}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A case, its calibration's folder, and the calibration."""
    from allegiance.cases.new import scaffold

    folder = scaffold("planted", tmp_path_factory.mktemp("cases"))
    (folder / "dossier.yaml").write_text(text_of(items([0.75, 0.8, 0.9, 0.92])))
    out = tmp_path_factory.mktemp("fits") / "one"
    return folder, out, al.calibrate(folder, out=out, **SMALL)


def test_the_world_that_made_the_evidence_is_found_again(planted):
    """The government takes ground quickly where the rate is high; the fit reads that off it.

    Armies are worth their paper here: four counts in one history tell no rate from hidden worth.
    """

    def proven(folder):
        return al.load(folder).set("parameter.hidden_worth", 0.0)

    folder, found = planted(items([0.5] * 4)), []
    for rate in (5.0, 20.0):
        world = proven(folder)
        blind = {id: item for id, item in ensemble.dated(world).items() if item.use == "fit"}
        true = Draws("truth", "", {"conquest": np.array([rate])}, {})
        read = record.readings(record.order(world, blind.values(), 64, 9, true), blind).values
        told = proven(planted(items(read[:, 7])))
        fit = al.calibrate(told, UNTIL, fit=["conquest"], runs_per=128)
        found.append(fit.summary()["parameters"]["conquest"])
        assert found[-1]["q05"] < rate < found[-1]["q95"]
        assert found[-1]["contraction"] > 0.5
    assert found[0]["q95"] < found[1]["q05"]


def test_what_is_kept(fitted):
    folder, out, found = fitted
    names = {path.name for path in out.iterdir()}
    assert {PRIORS, TREE, posteriors.FILE, "generation-0000.npz"} <= names
    manifest = json.loads((out / PRIORS).read_text())
    assert manifest["hash"] == found.posterior.file.priors == space(al.load(folder), FIT).hash
    read = posteriors.opened(out)
    assert read.file == found.posterior.file
    assert set(read.file.parameters) == {"conquest", "air_multiplier"} | {
        f"north.motive[{m}]" for m in ("survival", "reach", "status", "fear", "stated")
    }
    drawn = read.draws()
    assert len(drawn) == 64
    assert drawn.motives["north"].sum(axis=0) == pytest.approx(1.0)
    assert found.summary()["temperature"] == 1.0
    assert {"parameters", "ess", "seconds"} <= found.summary().keys()


def test_particles_open_as_inference_data(fitted):
    import xarray as xr

    _, out, found = fitted
    tree = xr.open_datatree(out / TREE, engine="zarr", consolidated=False)
    assert set(tree.children) == {"posterior", "prior", "sample_stats"}
    assert tree["posterior"]["conquest"].dims == ("chain", "draw")
    assert tree["posterior"].to_dataset()["conquest"].values.mean() == pytest.approx(
        found.posterior.file.parameters["conquest"].mean, rel=1e-5
    )


def test_priors_are_written_before_anything_is_simulated(fitted, tmp_path, monkeypatch):
    monkeypatch.setattr(smc, "generations", lambda *_: (_ for _ in ()).throw(OSError("stopped")))
    with pytest.raises(OSError, match="stopped"):
        al.calibrate(fitted[0], out=tmp_path / "new", **SMALL)
    assert [path.name for path in (tmp_path / "new").iterdir()] == [PRIORS]


def test_an_interrupted_calibration_goes_on_with_the_same_bits(fitted, tmp_path):
    folder, out, whole = fitted
    assert whole.posterior.file.futures > 64 * 3

    def stop(done):
        if done >= 64 * 3:
            raise KeyboardInterrupt

    other = tmp_path / "other"
    with pytest.raises(KeyboardInterrupt):
        al.calibrate(folder, out=other, tick=stop, **SMALL)
    assert not (other / posteriors.FILE).exists()
    with pytest.raises(al.CaseError, match="not empty"):
        al.calibrate(folder, out=other, **SMALL)
    with pytest.raises(al.CaseError, match="seed differs"):
        al.calibrate(folder, out=other, resume=True, **{**SMALL, "seed": 4})
    last = max(other.glob("generation-*.npz"))
    data = last.read_bytes()
    for damaged in (data[:-9], data[:400] + bytes([data[400] ^ 1]) + data[401:], b""):
        last.write_bytes(damaged)
        with pytest.raises(al.CaseError, match="damaged") as raised:
            al.calibrate(folder, out=other, resume=True, **SMALL)
        assert raised.value.file == str(last)
    last.write_bytes(data)
    simulated = []
    again = al.calibrate(folder, out=other, resume=True, tick=simulated.append, **SMALL)
    assert simulated[-1] < whole.posterior.file.futures
    kept, mine = (made.posterior.file.model_dump() for made in (whole, again))
    assert {**kept, "seconds": 0} == {**mine, "seconds": 0}
    for number in range(whole.state.generation + 1):
        name = f"generation-{number:04d}.npz"
        with np.load(out / name) as a, np.load(other / name) as b:
            assert all(np.array_equal(a[key], b[key]) for key in smc.State._fields)


def test_a_draw_with_its_noise_is_the_history_that_was_accepted(fitted):
    folder, _, found = fitted
    scenario = al.load(folder)
    known = {id: item for id, item in ensemble.dated(scenario).items() if item.use == "fit"}
    order = record.order(
        scenario, known.values(), 64, 3, found.space.draws(found.state.z, found.state.u)
    )
    logs = ensemble.likelihood(order, known, found.space)(found.state.z, found.state.u)
    # The line in the timeline that leads past the last day is the one thing that differs.
    assert np.median(np.abs(logs - found.state.loglik)) < 0.05


def test_a_case_s_own_posterior_is_the_default(fitted, tmp_path, capsys, fake_engine):
    import shutil

    folder, out, _ = fitted
    mine = tmp_path / "planted"
    shutil.copytree(folder, mine)
    assert al.confront(mine, runs=8).posterior is None
    assert "posterior" not in al.confront(mine, runs=8).summary()
    shutil.copy(out / posteriors.FILE, mine)
    assert al.confront(mine, runs=8).posterior == "planted/posterior.yaml"
    assert al.confront(mine, runs=8, posterior="none").posterior is None
    assert al.confront(mine, runs=8, posterior="shipped").posterior == "planted/posterior.yaml"
    with pytest.raises(al.CaseError, match=r"posterior\.yaml"):
        al.confront(folder, runs=8, posterior="shipped")
    assert code(["confront", str(mine), "--runs", "8"]) == 0
    assert "Parameters from planted/posterior.yaml" in capsys.readouterr().out
    assert code(["confront", str(folder), "--runs", "8", "--posterior", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["posterior"] == "one/posterior.yaml"


def test_a_posterior_of_another_case_or_version_is_refused(fitted, tmp_path, capsys):
    import shutil

    folder, out, _ = fitted
    text = (out / posteriors.FILE).read_text()
    mine = tmp_path / "planted"
    shutil.copytree(folder, mine)
    (mine / posteriors.FILE).write_text(text.replace("case: planted", "case: other"))
    for command in (["check"], ["confront", "--runs", "8"], ["run", "--posterior", "shipped"]):
        assert code([command[0], str(mine), *command[1:]]) == 2
        assert "another case" in capsys.readouterr().err
    (mine / posteriors.FILE).write_text(text)
    assert code(["check", str(mine)]) == 0
    case = mine / "case.yaml"
    case.write_text(case.read_text().replace("label: ", "label: New ", 1))
    for command in (["check"], ["confront", "--runs", "8"], ["run", "--posterior", "shipped"]):
        assert code([command[0], str(mine), *command[1:]]) == 2
        assert "another version" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("conquest", "-1.0e+8", "out of range"),
        ("north.motive[survival]", "-0.1", "out of range"),
        ("north.motive[survival]", "0.99", "not shares"),
    ],
)
def test_draws_that_no_prior_gives_are_refused(fitted, tmp_path, name, value, told):
    import yaml

    _, out, _ = fitted
    kept = yaml.safe_load((out / posteriors.FILE).read_text())
    kept["draws"][name][3] = float(value)
    broken = tmp_path / posteriors.FILE
    broken.write_text(yaml.safe_dump(kept))
    with pytest.raises(al.CaseError, match=told):
        posteriors.opened(broken)


def test_draws_reach_the_simulator(fitted, monkeypatch, fake_engine, capsys):
    folder, out, found = fitted
    plans = []

    class Noted(fake_engine):
        def __init__(self, plan):
            plans.append(plan)
            super().__init__(plan)

    monkeypatch.setattr(simulate, "Runner", Noted)
    from allegiance.world.parameters import NAMES

    row = NAMES.index("conquest")
    drawn = np.array(found.posterior.file.draws["conquest"], np.float32)
    base = ["run", str(folder), "--runs", "70", "--posterior", str(out), "--json"]
    assert code(base) == 0
    assert json.loads(capsys.readouterr().out)["posterior"] == "one/posterior.yaml"
    assert np.array_equal(plans[-1].values[row], drawn[np.arange(70) % 64])
    assert plans[-1].motive[0].std(axis=-1).max() > 0.01
    assert plans[-1].motive[1].std(axis=-1).max() < 1e-6
    assert plans[-1].numbers is None
    # What a lever sets stays as it was set.
    levers = ["--set", "parameter.conquest=7", "--set", "north.motive[fear]=0.5"]
    assert code([*base, *levers]) == 0
    assert (plans[-1].values[row] == 7.0).all()
    assert plans[-1].motive[0].std(axis=-1).max() < 1e-6


def test_a_forecast_replays_accepted_histories(fitted, monkeypatch, fake_engine):
    folder, out, found = fitted
    plans = []

    class Noted(fake_engine):
        def __init__(self, plan):
            plans.append(plan)
            super().__init__(plan)

    monkeypatch.setattr(simulate, "Runner", Noted)
    made = al.forecast(folder, "2002-01-01", "2002-12-31", posterior=out, runs=1000, seed=77)
    assert plans[-1].runs == 64
    assert plans[-1].seed == 3
    assert plans[-1].numbers.tolist() == found.posterior.file.numbers
    # All evidence before the start has been used in the fit: it does not weigh twice.
    assert np.array_equal(made.weights, np.full(64, 1.0 / 64))
    with pytest.raises(al.CaseError, match="what is to be forecast"):
        al.forecast(folder, "2001-05-01", "2002-12-31", posterior=out)
    with pytest.raises(al.CaseError, match="other levers"):
        al.forecast(
            al.load(folder).without("spring_truce"), "2002-01-01", "2002-12-31", posterior=out
        )


def test_what_is_wrong_is_said(fitted, capsys, tmp_path):
    folder, out, _ = fitted
    base = ["calibrate", str(folder), "--out", str(tmp_path / "x")]
    for arguments, told in (
        (["--until", "2001-01-10"], "no evidence"),
        (["--until", UNTIL, "--fit", "conqest"], "conquest"),
        (["--until", UNTIL, "--budget", "800000"], "at most|from"),
        (["--until", UNTIL, "--runs-per", "3"], "out of range"),
        (["--until", UNTIL, "--workers", "0"], "--workers: out of range"),
    ):
        assert code([*base, *arguments]) == 2
        error = capsys.readouterr().err
        assert any(word in error for word in told.split("|"))
    assert code(["confront", "syria", "--posterior", str(out)]) == 2
    assert "another case" in capsys.readouterr().err
    broken = tmp_path / "posterior.yaml"
    text = (out / posteriors.FILE).read_text()
    broken.write_text(text.replace("conquest: [", "conqest: ["))
    assert code(["confront", str(folder), "--posterior", str(broken)]) == 2
    assert "no such parameter" in capsys.readouterr().err


def test_items_that_share_an_error_are_worth_less(planted, tmp_path):
    folder = planted(items([0.75, 0.8, 0.9, 0.92], sd=0.02))
    fit = {**SMALL, "fit": ["conquest"]}
    less = al.calibrate(folder, **fit, out=tmp_path / "less", worth=1)
    kept, all_four = less.posterior.file, al.calibrate(folder, **fit).posterior.file
    assert (kept.share, kept.temperature) == (0.25, 0.25)
    assert all_four.share == 1.0
    assert kept.parameters["conquest"].contraction < all_four.parameters["conquest"].contraction
    assert not any("short of" in warning for warning in less.warnings)
    with pytest.raises(al.CaseError, match=r"worth differs \(there 1, here 2\)"):
        al.calibrate(folder, **fit, out=tmp_path / "less", worth=2, resume=True)


def test_a_budget_that_ends_early_is_told_and_can_be_raised(planted, tmp_path):
    folder = planted(items([0.75, 0.8, 0.9, 0.92], sd=0.02))
    out, fit = tmp_path / "fit", {**SMALL, "fit": ["conquest"]}
    short = al.calibrate(folder, **fit, out=out, budget=64 * 12)
    assert short.posterior.file.temperature < 1.0
    assert "temperature" in short.warnings[0]
    more = al.calibrate(folder, **fit, out=out, budget=64 * 30, resume=True)
    once = al.calibrate(folder, **fit, budget=64 * 30)
    assert more.posterior.file.futures > short.posterior.file.futures
    assert np.array_equal(more.state.z, once.state.z)
