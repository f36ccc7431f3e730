"""The same two schemes written by hand: only the rules that the benchmark's records touch."""

LIFE = ("general_meeting", "committee_meeting", "group_meeting", "lecture", "theme_day", "life_meeting")
"""三会一课、主题党日、组织生活会."""
