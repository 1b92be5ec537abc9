"""One run of one workout by one person: preflight, live loop, journal, summary."""
