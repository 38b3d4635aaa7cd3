"""The verbs for Python programs: what the command line does, with typed values and a callback.

A path may be text, bytes or `pathlib.Path`. The configuration is *config*, with keys given by name
over it: `mode="category_year"`; the user's file is read by `load_config` alone. Every verb raises
`FileorgError` where the command would end without having done what it was asked; what went wrong
with one file is in the sums. `dedupe`, `scan` and `report` are called `duplicates`, `inventory` and
`write_report`, because packages have their names.
"""
