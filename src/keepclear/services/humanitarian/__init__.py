"""Humanitarian movements and sites: notified, never approved and never denied."""
