"""Reading DICOM: finding files, parsing headers, decoding pixels, repairing known defects, sorting slices."""
