"""What the operator sees. The screen is a function of a snapshot; decisions live below."""
