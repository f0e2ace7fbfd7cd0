"""What is measured: one file for each subject, one function for each feature."""
