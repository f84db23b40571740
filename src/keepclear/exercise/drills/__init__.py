"""Drills: a scripted counterpart against one node, for training, with a debrief."""
