"""The line of contact, pure: the lives of messages and of the line itself; time is an argument."""
