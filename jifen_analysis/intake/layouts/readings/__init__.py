"""How a row may be read as a header, a file for each layout, all of them listed in ``layouts.header_choice``."""
