"""What is kept: persons, treadmills, and the runs that journals told of; loaded only when somebody asks for it."""
