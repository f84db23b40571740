"""One verb per file: what a caller asks for, done with formats, engines and ports."""
