"""S40 exported destabilisation: refugees and backed populists weaken third states.

Strain settles at `1 - exp(-(a refugees per inhabitant + b backing))`: of two states that are alike
the nearer one, which takes in more of the displaced, is strained more.
"""

from typing import Any

import numpy as np

from allegiance.verbs.strike import strike

PER_REFUGEE, PER_BACKING = 1.23, 0.09
VALUES = {"refugee_strain": PER_REFUGEE, "populist_strain": PER_BACKING, "strain_rate": 0.3}
NEAR, FAR = 0.3 / 10.0, 0.03 / 10.0
"""Three tenths of the displaced, or three hundredths, among ten million people."""
DISPLACED = np.array([0.0, 1000.0, 4000.0])


def strained(
    toy, edit, theory, displaced: Any = DISPLACED, dt: float = 100.0, backing: Any = 0.0
) -> np.ndarray:
    """Strain of each client [client, run], a century after: it has settled."""
    valley, coast, north = toy["valley"], toy["coast"], toy["north"]
    case = edit(toy.case, hosts={(valley, 0): NEAR, (coast, 0): FAR}, own_air=0.0)
    case = edit(case, given={"populists": {(coast, north): backing}})
    world = edit(toy.world, theatres={"air": 0.0, "posture": 0.0})
    world = edit(world, regions={"displaced": {(toy["harbour/hills"],): displaced}})
    return strike(*toy.call(theory, world, case=case, dt=dt))[0].clients.strain


def test_refugees_strain_their_hosts_the_nearer_the_more(toy, edit) -> None:
    found = strained(toy, edit, toy.theory(**VALUES))
    for client, share in ((toy["valley"], NEAR), (toy["coast"], FAR)):
        per_head = share * DISPLACED / 1000.0
        np.testing.assert_allclose(found[client], 1.0 - np.exp(-PER_REFUGEE * per_head), atol=1e-6)
    assert found[toy["valley"], 2] > 5.0 * found[toy["coast"], 2] > 0.0
    assert np.all(found[toy["harbour"]] == 0.0)


def test_backed_populists_add_to_it(toy, edit) -> None:
    backing = np.array([0.0, 0.5, 1.0])
    found = strained(toy, edit, toy.theory(**VALUES), displaced=0.0, backing=backing)
    expected = 1.0 - np.exp(-PER_BACKING * backing)
    np.testing.assert_allclose(found[toy["coast"]], expected, atol=1e-6)
    assert np.all(found[toy["valley"]] == 0.0)


def test_it_takes_an_electoral_cycle(toy, edit) -> None:
    theory = toy.theory(**VALUES)
    soon, settled = strained(toy, edit, theory, dt=1.0), strained(toy, edit, theory)
    grown = soon[toy["valley"], 2] / settled[toy["valley"], 2]
    assert abs(grown - (1.0 - np.exp(-0.3))) < 1e-4


def test_bombardment_is_what_sends_them(toy, edit) -> None:
    """The more is flown at the crowd, the more flee, and the more their host is strained."""
    north, strain = toy["north"], []
    case = edit(toy.case, hosts={(toy["valley"], 0): NEAR}, motive={north: 0.0})
    case = edit(case, motive={(north, 3): 1.0})
    for air in (0.0, 12.0, 36.0):
        world = edit(toy.world, theatres={"air": {(0, north): air}})
        for _ in range(52):
            world, _ = strike(*toy.call(toy.theory(**VALUES), world, case=case))
        strain.append(world.clients.strain[toy["valley"], 0])
    assert strain[0] < strain[1] < strain[2]
    assert strain[2] > 2.0 * strain[0]


def test_off_nobody_is_strained(toy, edit) -> None:
    assert np.all(strained(toy, edit, toy.theory(off=["S40"], **VALUES), backing=1.0) == 0.0)
