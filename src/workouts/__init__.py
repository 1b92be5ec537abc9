"""What to do: the workout file, its timeline, and the engine that walks it. No devices, no asyncio, no clock."""
