"""S39 cross-alignment: the patron deals with its client's rivals too.

Deals draw the rival closer by `own_deals` and put the client off by `rival_deals`, in log-odds; a
rival that is itself a power is dealt with by détente. Off, neither notices.
"""

import numpy as np

from allegiance.verbs.align import align

DEALS = np.array([0.0, 0.5, 1.0])
VALUES = {
    "alignment_sharpness": 1.0,
    "alignment_rate": 1.0,
    "own_deals": 0.7,
    "rival_deals": 0.4,
}


def turned(toy, edit, theory, client: str, rival: str, **given) -> np.ndarray:
    """Log-odds of North against autonomy, for the client and its rival, at rest [client, run]."""
    count = toy.case.client_on.shape[0]
    column = toy[rival] if rival != "south" else count + toy[rival]
    case = edit(toy.case, enemy={(toy[client], column): 1.0}, given=given)
    after, _ = align(*toy.call(theory, case=case, dt=1000.0))
    shares = after.ties.alignment
    odds = np.log(shares[:, toy["north"]] / shares[:, -1])
    return odds - odds[:, :1]


def test_deals_with_a_rival_draw_it_and_put_the_client_off(toy, edit) -> None:
    theory = toy.theory(off=["S02"], **VALUES)
    deals = {"deals": {(toy["valley"], toy["north"]): DEALS}}
    found = turned(toy, edit, theory, "harbour", "valley", **deals)
    np.testing.assert_allclose(found[toy["valley"]], 0.7 * DEALS, atol=1e-4)
    np.testing.assert_allclose(found[toy["harbour"]], -0.4 * DEALS, atol=1e-4)
    np.testing.assert_allclose(found[toy["coast"]], 0.0, atol=1e-5)


def test_detente_with_a_rival_power_does_too(toy, edit) -> None:
    theory = toy.theory(off=["S02"], **VALUES)
    for pair in ((toy["north"], toy["south"]), (toy["south"], toy["north"])):
        found = turned(toy, edit, theory, "harbour", "south", detente={pair: DEALS})
        np.testing.assert_allclose(found[toy["harbour"]], -0.4 * DEALS, atol=1e-4)
        np.testing.assert_allclose(found[toy["valley"]], 0.0, atol=1e-5)


def test_off_nobody_notices(toy, edit) -> None:
    theory = toy.theory(off=["S02", "S39"], **VALUES)
    deals = {"deals": {(toy["valley"], toy["north"]): DEALS}}
    assert np.all(turned(toy, edit, theory, "harbour", "valley", **deals) == 0.0)
    detente = {(toy["north"], toy["south"]): DEALS}
    assert np.all(turned(toy, edit, theory, "harbour", "south", detente=detente) == 0.0)
