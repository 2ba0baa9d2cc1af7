"""Item, test, agreement and standard-setting statistics: pure Python, no database, no web.

Formulas and their sources stand in each function; marks are exact numbers, and only what has no exact form
(roots, distributions) is computed in floating point.
"""
