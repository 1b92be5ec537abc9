"""Simulated treadmills: members of the family like any other, with inertia, lag and faults."""
