"""A proposal on trial: what changes, who moves and why, what binds, as text, page and workbook."""

from jifen_analysis.report.trial.facts import Tried, try_proposal, unnamed_trial
from jifen_analysis.report.trial.page import trial_page
from jifen_analysis.report.trial.saying import changes, sentences
from jifen_analysis.report.trial.sheets import trial_sheets

__all__ = ["Tried", "changes", "sentences", "trial_page", "trial_sheets", "try_proposal", "unnamed_trial"]
