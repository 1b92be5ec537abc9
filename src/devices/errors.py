"""What can go wrong with a treadmill, and whose fault it is.

    TreadmillError
    +-- AddressError      (ValueError)        the address is not one; the person who typed it mends it
    +-- ConnectFailed     (ConnectionError)   the machine could not be reached; the message says what to try

A lost link is not an exception: it is the last report of a connection (``machine.LinkLost``). A refused
command is not one either: it is an outcome (``machine.Rejected``).
"""

from __future__ import annotations

INSTALL_SIM = "in the checkout, python -m pip install '.[sim]' adds it (after make run: .venv/bin/python)"
"""How the extra ``sim`` comes to the Python that runs this; no package is published."""


class TreadmillError(Exception):
    """Root of the tree above; the message is a sentence for a person."""


class AddressError(TreadmillError, ValueError):
    """The address of a treadmill cannot be understood."""


class ConnectFailed(TreadmillError, ConnectionError):
    """No connection to the machine came about."""
