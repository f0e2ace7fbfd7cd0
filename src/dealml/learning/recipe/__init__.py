"""What of a recipe held-out time within the training data settles besides the rung: families of features, settings of the trees."""
