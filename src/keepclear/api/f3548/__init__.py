"""What F3548 clients ask: the discovery service and the USS, on a port of their own.

Source: ASTM F3548-21, annex A (interface of USSs and the DSS).
"""
