"""The report of a series on paper: its words as values, laid out on pages, painted, saved as PDF or printed."""
