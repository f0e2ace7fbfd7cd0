"""Tests of dealml.evaluation."""
