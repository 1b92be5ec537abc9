"""Retrotread: guided backward walking and running on a treadmill."""

__version__ = "0.1.0"
