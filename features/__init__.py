"""What is measured: one file for each subject, one function for each feature.

`expect` speaks of the outcome of the model that the feature is for. In the subjects of accounts (account,
usage, subscription, satisfaction, support, adoption, purchases) that is leaving: "+" says that more of it is
expected where accounts leave, "-" where they stay.
"""
