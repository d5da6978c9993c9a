"""ichviewer: a desktop DICOM viewer that finds intracranial hemorrhage on head CT."""

__version__ = "0.1.0"
