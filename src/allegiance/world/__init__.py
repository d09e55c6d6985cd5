"""The nouns of the model: stocks, constants, dated inputs, parameters, rows. Sees nothing else."""
