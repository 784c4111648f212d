"""The tab that measures how good the answers are; the evaluation itself is a program of its own."""
