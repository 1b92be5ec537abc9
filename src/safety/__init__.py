"""What is allowed: limits that only tighten, hazards with one policy table, the supervisor. Pure."""
