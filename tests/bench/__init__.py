"""Measurements: ratios against peers, each in one interleaved run; never part of the tests."""
