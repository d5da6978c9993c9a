"""Results of an analysis as standard DICOM objects, and such objects read back."""
