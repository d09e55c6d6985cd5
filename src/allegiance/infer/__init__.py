"""Inference: conditioning futures on dated evidence, and the posterior of the parameters."""
