"""The process that owns the belt: the only code that can move it."""
