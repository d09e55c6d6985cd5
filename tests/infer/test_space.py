"""Priors as the sampler sees them: standard normals that become parameters and shares."""

import numpy as np
import pytest
from scipy.stats import kstest

from allegiance.cases.errors import CaseError
from allegiance.infer.space import quantile, space
from allegiance.world.case import MOTIVES
from allegiance.world.parameters import FREE, PARAMETERS, Prior

Z = np.random.default_rng(2).normal(size=(14, 6000))


@pytest.mark.parametrize(
    "prior",
    [Prior("normal", 1.6, 0.5), Prior("lognormal", 11, 0.4), Prior("beta", 2, 6),
     Prior("uniform", 5, 11)],
)  # fmt: skip
def test_quantiles_have_the_prior_s_law(prior):
    drawn = prior.draw(np.random.default_rng(0), 6000)
    assert kstest(quantile(prior, Z[0]), drawn).pvalue > 0.01
    assert kstest(quantile(prior, Z[0] + 0.2), drawn).pvalue < 1e-4


def test_every_table_prior_has_a_quantile_that_rises():
    for parameter in PARAMETERS:
        drawn = quantile(parameter.prior, np.array([-8.0, -1.0, 0.0, 1.0, 8.0]))
        assert (np.diff(drawn) > 0.0).all(), parameter.name


def test_motives_are_dirichlet_around_the_case(template):
    found = space(template)
    assert [name for name, _ in found.parameters] == list(FREE)
    assert [mix.power for mix in found.mixes] == ["north"]
    assert found.size == len(FREE) + len(MOTIVES) - 1
    shares = found.draws(Z).motives["north"]
    mean = np.array([template.files.case.powers["north"].motive.values[m] for m in MOTIVES])
    assert shares.sum(axis=0) == pytest.approx(1.0)
    assert shares.mean(axis=1) == pytest.approx(mean, abs=0.01)
    assert shares.std(axis=1) == pytest.approx(np.sqrt(mean * (1 - mean) / 11), abs=0.006)


def test_names_are_checked(template):
    assert space(template, ["conquest"]).size == 1
    assert space(template, ["north.motive"]).size == len(MOTIVES) - 1
    for wrong, told in (("conqest", "conquest"), ("south.motive", "motive_weight")):
        with pytest.raises(CaseError, match=told):
            space(template, [wrong])
    with pytest.raises(CaseError, match="too many"):
        space(template, [p.name for p in PARAMETERS[:11]])


def test_what_is_set_by_hand_is_not_fitted(template):
    by_hand = template.set("parameter.margin", 2.0)
    assert "margin" not in dict(space(by_hand).parameters)
    with pytest.raises(CaseError, match="by hand"):
        space(by_hand, ["margin"])


def test_the_hash_tells_priors_apart(template):
    one, same, other = (space(template, names) for names in (["margin"], ["margin"], ["coupling"]))
    assert one.hash == same.hash != other.hash
    assert one.priors == {"margin": {"kind": "normal", "first": 1.6, "second": 0.5}}
