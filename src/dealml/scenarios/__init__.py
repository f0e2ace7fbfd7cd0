"""Win scenarios: the combinations of segment, problem, trigger, competition and champion in which deals are won, or lost."""
