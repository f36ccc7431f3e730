"""Records and a scheme make an assessment: sums, scores, grades, outcomes, explanations."""
