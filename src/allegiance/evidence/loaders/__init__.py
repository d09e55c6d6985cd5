"""Loaders for publishers' own files: each reads the published columns into a tidy Arrow table.

A file is what the publisher gives, zipped or not; nothing of it is kept in the project. A column
that is missing is an error that names it: publishers rename columns between versions.
"""
