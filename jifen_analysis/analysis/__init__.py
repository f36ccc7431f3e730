"""The questions: one a function, tidy frame in, tidy frame out."""
