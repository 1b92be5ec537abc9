"""A try of this computer's radio, as a process of its own: ``python -m retrotread.devices.gatt.radio_try``.

It starts a scan, ends it at once and prints one line: a word, and the library's own reason behind it. Whoever starts it
gives it a deadline: a radio stack that hangs cannot be ended from within.
"""

from __future__ import annotations

import asyncio


def word_and_reason() -> tuple[str, str]:
    """``works``, or why not."""
    try:
        from bleak import BleakScanner
        from bleak.exc import BleakBluetoothNotAvailableError
    except Exception as error:  # noqa: BLE001 - a library that cannot be loaded fails in many ways
        return "no-library", _said(error)
    try:
        asyncio.run(_scan(BleakScanner))
    except BleakBluetoothNotAvailableError as error:
        return WORDS.get(error.reason.name, "failed"), str(error.args[0])
    except Exception as error:  # noqa: BLE001 - whatever the stack raised is the answer
        return "failed", _said(error)
    return "works", ""


async def _scan(scanner: type) -> None:
    async with scanner():
        pass


WORDS = {
    "NO_BLUETOOTH": "no-bluetooth",
    "NO_BLE_CENTRAL_ROLE": "no-central",
    "POWERED_OFF": "off",
    "DENIED_BY_USER": "denied-by-user",
    "DENIED_BY_SYSTEM": "denied-by-system",
    "DENIED_BY_UNKNOWN": "denied",
}
"""By the names of ``bleak.exc.BleakBluetoothNotAvailableReason``."""


def _said(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def main() -> None:
    """Print the line."""
    word, reason = word_and_reason()
    print(f"{word} {' '.join(reason.split())}")  # noqa: T201 - one line for the process that asked


if __name__ == "__main__":
    main()
