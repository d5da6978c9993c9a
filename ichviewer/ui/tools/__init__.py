"""Measuring and annotating: tools that draw on the picture, what they drew, and how it is kept and listed."""
