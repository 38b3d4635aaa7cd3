"""The speed bench: fileorg held against a floor in C, as ratios within one run."""
