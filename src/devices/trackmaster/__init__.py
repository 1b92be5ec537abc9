"""Trackmaster and Full Vision TMX treadmills, and their clones, on a serial line (4800 8N1)."""
