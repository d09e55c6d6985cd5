"""Many thin cases against what became of them: scores, baselines and a plain verdict.

`crises` holds dated episodes, `survival` the spell-years of a user's panel of sponsors and clients,
`shipped` the cases of the package. `futures` asks the model, `scoring` judges all alike.
"""
