"""What the machines on a serial line share: how bytes become messages, and the port."""
