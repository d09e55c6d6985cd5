"""Dated evidence: what a case's futures are held against, and how well they do."""
