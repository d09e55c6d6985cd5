"""Why two worlds differ: contrasts with the same noise and ablation of mechanisms."""
