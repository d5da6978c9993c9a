"""De-identification of DICOM data sets after the Basic Profile of DICOM PS3.15 Annex E."""
