"""The node that reads what arrives: takes studies, analyzes head CT, sends results; without a window."""
