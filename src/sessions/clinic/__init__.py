"""A clinic: its participants by pseudonym, what is prescribed for each, and who may change it."""
