"""Cards for the desk: call phrases, contacts, a line that is lost, challenge and reply."""
