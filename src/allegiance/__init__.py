"""Great powers, client regimes and the price of keeping them: a simulator with its evidence."""

__version__ = "0.1.0"
