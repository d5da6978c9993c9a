"""What is open and what is known of it: reading, pixels, model, analysis. Objects with signals, no widgets."""
