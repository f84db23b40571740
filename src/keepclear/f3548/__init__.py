"""Strategic coordination as ASTM F3548-21 has it: what is near, what must be known, who yields.

Pure: no clock, store or network. Relevance is coarse and may only be too wide; conflicts
are exact.
"""
