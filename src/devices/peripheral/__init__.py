"""Simulated machines on the air: a treadmill and a heart strap that other programs can connect to."""
