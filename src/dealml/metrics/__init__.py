"""The figures that sales is run on, each with its formula, as they were known at any past date."""
