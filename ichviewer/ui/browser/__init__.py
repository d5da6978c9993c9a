"""The list of studies and series."""
