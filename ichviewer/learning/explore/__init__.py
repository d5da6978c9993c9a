"""Pictures of what a prepared data set holds."""
