"""The page "Where to compete": win scenarios, economics and commitments of what is open."""
