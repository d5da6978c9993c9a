"""What the analysis says: strip of slices, list of flagged slices, panel of the slice in view."""
