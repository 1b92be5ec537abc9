"""Woodway research treadmills on a serial line (4800 8N1), which may run their belt in both directions."""
