"""The handover sheet: one page to be printed and signed."""
