"""Pictures made rather than scanned: heads rendered from label maps, and lesions in heads of any kind."""
