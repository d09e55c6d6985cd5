"""Inference: futures conditioned on dated evidence, posteriors, and what theories it speaks for."""
