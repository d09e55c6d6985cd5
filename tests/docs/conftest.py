"""A stand-in for the compiled engine that is quick also on the largest case."""

import numpy as np
import pytest


@pytest.fixture
def quick(fake_engine, monkeypatch):
    """Shares near a half that every switched-off row lowers, and one event in two futures."""

    class Quick(fake_engine):
        width = 4096

        def _chunk(self, low: int):
            from allegiance.engine.chunks import Chunk

            plan, days = self.plan, self.plan.built.steps * self.plan.built.step_days
            runs = np.arange(low, min(low + self.width, plan.runs), dtype=np.uint32)
            draws = np.random.default_rng([plan.seed, low])
            size = (plan.built.steps, len(plan.record), 1)
            lever = float(plan.switches.sum() - len(plan.switches))
            records = draws.uniform(0.45, 0.55, size).astype(np.float32)
            records = np.repeat(records, len(runs), axis=2)
            records[plan.built.steps // 2 :] += 0.01 * lever
            first = draws.uniform(0.0, 2.0 * days, (len(plan.watch), len(runs)))
            first = np.where(first < days, first, np.inf)
            log = self._log(first, len(runs)) if plan.log else None
            return Chunk(runs, records, first, log)

    from allegiance.engine import simulate

    monkeypatch.setattr(simulate, "Runner", Quick)
    return Quick
