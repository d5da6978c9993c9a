"""Studies from and to other programs: DICOM nodes and DICOMweb servers."""
