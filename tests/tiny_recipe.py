"""A recipe that takes seconds, for tests."""

TINY = """
version = "9.9.9"
size_px = 64
mm_per_px = 3.2
clip_hu = [-160, 240]
ship = "main"

[stores.real]
kind = "data"
data = "rsna"

[stores.painted]
kind = "painted"
onto = "real"
seeds = 2

[stages.pre]
stores = ["painted"]
folds = false
[stages.pre.train]
phases = [{ size_px = 32, steps = 2 }]

[stages.main]
stores = ["real", "painted"]
start = ["pre"]
tests = ["painted"]
[stages.main.train]
folds = 2
phases = []

[stages.mean]
stores = ["real"]
start = ["main", "pre"]
[stages.mean.train]
folds = 2
phases = []
"""
