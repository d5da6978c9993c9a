"""Labelled data sets, and the cache that training reads."""
