"""Question sets, metrics, and the runner that says how good the answers are."""
