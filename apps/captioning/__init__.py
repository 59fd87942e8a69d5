"""Photograph in, sentence out."""
