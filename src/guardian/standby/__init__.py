"""The standby: a process that waits for the guardian to die, and then does nothing but stop its belt."""
