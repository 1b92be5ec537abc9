"""Treadmills that speak the Bluetooth Fitness Machine Service (FTMS)."""
