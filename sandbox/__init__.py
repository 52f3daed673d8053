"""Runs a competitor's program in a locked box and reports verdicts; knows nobody's name."""
