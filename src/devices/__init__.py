"""How to talk to machines: one folder a protocol, simulated machines beside the real ones."""
