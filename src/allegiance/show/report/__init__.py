"""A run's report: one HTML file that needs nothing else, neither files nor network."""
