"""Heart-rate straps."""
