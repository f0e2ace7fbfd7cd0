"""Qualification: five tests of each open deal and lead, and the advice to pursue, nurture or decline it."""
