"""The line of contact: the lives of messages and of the line itself; pure, time enters as an argument."""
