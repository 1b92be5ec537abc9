"""One screen a file: set-up, checklist, start, live, summary."""
