"""How good a model is, measured on predictions of slices it was not trained on."""
