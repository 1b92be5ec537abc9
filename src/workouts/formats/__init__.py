"""Workouts of other programs: reading them into our own file, and writing ours for them. Pure; no devices."""
