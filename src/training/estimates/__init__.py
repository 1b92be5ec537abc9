"""What training costs and aims at, as estimates: ranges with their formula, and never a number for the belt."""
