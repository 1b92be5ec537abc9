"""Figures, never tests: each is printed with the machine, the date and the commit that it was measured on."""
