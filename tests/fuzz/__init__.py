"""Coverage-guided fuzzing of reading and analysis."""
