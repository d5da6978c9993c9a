"""The science: data, synthesis, training, evaluation. Imported by nothing but the command line."""
