"""Pictures of what the analyses returned: each module draws the frames of its namesake.

Imported on demand (``from jifen_analysis.charts import thresholds``), because
they bring plotly along.
"""
