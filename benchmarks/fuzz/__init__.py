"""Whatever stands in a file, the answer is a finding or a refusal: searched for what is neither.

``python -m benchmarks.fuzz --minutes 60``. Coverage-guided where atheris is
installed, with random bytes of hypothesis elsewhere. What it finds goes into
a folder, one file a kind; whoever mends it adds a builder to
``tests/fuzzed.py``, so that the corpus of found cases stays small and can be read.
"""
