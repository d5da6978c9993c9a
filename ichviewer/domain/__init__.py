"""What the product talks about: HU, windows, geometry, series, findings. Pure values and functions, numpy only."""
