"""What to do next and why: histories, the ladder, progression, the questions before and after. Pure."""
