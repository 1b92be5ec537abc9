"""Biodex RTM rehabilitation treadmills on a serial line. Experimental: port speed and scales are not documented."""
