"""A recording of what a machine says by Bluetooth, made without writing to it, and what a contribution is made of."""
