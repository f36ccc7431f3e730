"""Charts that an office can edit and restyle: the same ones for slides and for Word."""
