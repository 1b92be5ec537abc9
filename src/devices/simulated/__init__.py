"""Treadmills that exist in this computer only: real members of the family, with inertia, lag and faults."""
