"""What a frame says, in one sentence, with how sure that is: each module speaks of the frames of its namesake.

Charts take their headlines from here, the review its first page, the terminal and the notebooks their sentences. A
function is given what an analysis returned and gives a :class:`Finding`, or ``None`` where there is nothing to say.
"""

from jifen_analysis.findings.finding import Finding, Sure

__all__ = ["Finding", "Sure"]
