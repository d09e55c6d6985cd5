"""Parameters are recovered on the toy world, by rejection: what inference needs of the model.

Three free parameters are drawn from their priors for WORLDS worlds; a world is told by the yearly
means of a few quantities over RECORDS futures. One more world under known parameters is the data;
the nearest 2.5% are the posterior. Over TRUTHS such worlds the posterior's spread must be well
below the prior's, and the truth must lie within it: the mean of TRUTHS standardised errors has a
standard error of 1/sqrt(TRUTHS) = 0.25 if the posterior is right, their mean square one of
sqrt(2 / TRUTHS) = 0.35. Rejection leaves the posterior too wide, so both should be smaller.

Armies are worth their paper here: what they hide is chance, of which RECORDS futures would leave as
much as the parameters move.
"""

import numpy as np
import pytest

from allegiance.engine.chunks import Runner
from allegiance.world.parameters import NAMES, PARAMETERS

WORLDS = 1024
NEAREST = 0.025
RECORDS = 8
TRUTHS = 16
FREE = ("revelation", "alignment_sharpness", "stretch")
READ = (
    "valley->north.doubt",
    "coast->south.alignment",
    "harbour.control[government]",
    "harbour/hills.control[government]",
    "harbour/capital.control[government]",
    "harbour.killed",
)


@pytest.fixture(scope="module")
def yearly(even, plan):
    """Means over each year of what is read [feature, run], for parameters by run."""

    def simulated(values, seed):
        values[NAMES.index("hidden_worth")] = 0.0
        order = plan(even, values.shape[1], values=values, seed=seed)
        at = [order.record.index(address) for address in READ]
        years = np.array_split(np.arange(even.steps), 2)
        found = []
        for _, chunk in Runner(order).chunks():
            found.append(np.concatenate([chunk.records[y][:, at].mean(axis=0) for y in years]))
        return np.concatenate(found, axis=1)

    return simulated


@pytest.fixture(scope="module")
def recovered(drawn, yearly):
    """Logs of the truths [truth, parameter], of what was accepted for each, and of the prior."""

    def mean(runs):
        return runs.reshape(len(runs), -1, RECORDS).mean(axis=2)

    where = [NAMES.index(name) for name in FREE]
    prior = drawn(WORLDS, 1, FREE)
    futures = mean(yearly(np.repeat(prior, RECORDS, axis=1), 1))
    # Truths from the middle of the prior, so that it reaches to both sides of each.
    truths = drawn(TRUTHS, 2, FREE)
    for at in where:
        middle = PARAMETERS[at].value
        truths[at] = middle * np.sqrt(truths[at] / middle)
    data = mean(yearly(np.repeat(truths, RECORDS, axis=1), 3))
    spread = futures.std(axis=1, keepdims=True)
    moving = spread[:, 0] > 1e-6
    scaled, observed = (x[moving] / spread[moving] for x in (futures, data))
    accepted = []
    for world in observed.T:
        distance = ((scaled - world[:, None]) ** 2).sum(axis=0)
        nearest = np.argsort(distance)[: int(NEAREST * WORLDS)]
        accepted.append(np.log(prior[where][:, nearest]).T)
    return np.log(truths[where]).T, np.stack(accepted), np.log(prior[where]).T


@pytest.mark.parametrize("at", range(len(FREE)), ids=FREE)
def test_the_posterior_contracts_around_the_truth(recovered, at):
    truths, accepted, prior = recovered
    spread = accepted[:, :, at].std(axis=1, ddof=1)
    assert (spread / prior[:, at].std()).mean() < 0.7
    error = (truths[:, at] - accepted[:, :, at].mean(axis=1)) / spread
    assert abs(error.mean()) < 3.5 * 0.25
    assert (error**2).mean() < 1.0 + 3.5 * 0.35
