"""The nouns of the model: stocks, constants, dated inputs, parameters and rows. Sees nothing else."""
