"""Results of this and of other programs, read with tolerance: segmentations, reports, presentations and the like.

highdicom's readers check whole objects and refuse those of other programs that stray from the standard, so values are
read as those of images are (`ichviewer.dicom.values`): what is malformed is a problem, and what cannot be shown is
refused by name.
"""
