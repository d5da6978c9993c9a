"""Pictures made rather than scanned: painted lesions and a procedural head."""
