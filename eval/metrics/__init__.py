"""What is measured of hits, answers, citations and refusals: pure functions, values to numbers."""
