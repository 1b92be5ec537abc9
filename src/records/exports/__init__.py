"""Kept runs as files for other programs: one format a file, each a pure function from a run to bytes."""
