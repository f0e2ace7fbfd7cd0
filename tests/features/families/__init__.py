"""Tests of families of features."""
