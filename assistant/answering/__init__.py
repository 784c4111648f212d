"""Hits → answer: with a language model or without, under the same check."""
