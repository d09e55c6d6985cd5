"""What people see: tables in the terminal, plots, words for probabilities."""
