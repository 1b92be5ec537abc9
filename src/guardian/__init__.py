"""The process that owns the belt: its protocol, its core, its black box."""
