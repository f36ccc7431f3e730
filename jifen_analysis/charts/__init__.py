"""Pictures of what the analyses returned: each module draws the frames of its namesake.

Imported on demand (``from jifen_analysis.charts import thresholds``), because
they bring plotly along. In a notebook every chart keeps a picture beside its
interactive form.
"""

from jifen_analysis.charts.theme.stills import keep_stills

keep_stills()
