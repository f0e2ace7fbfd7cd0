"""The page "Where to compete": win scenarios, qualification, economics and commitments of what is open."""
