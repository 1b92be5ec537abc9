"""One run of one workout by one person: preflight, live loop, guardian client, journal, summary."""
