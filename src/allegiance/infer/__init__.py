"""Inference: which theory, and which motives, the dated evidence speaks for."""
