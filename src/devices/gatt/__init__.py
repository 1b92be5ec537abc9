"""Attributes of a Bluetooth low-energy machine: read, written, subscribed to."""
