"""Club treadmills that speak CSAFE on a serial line (9600 8N1)."""
