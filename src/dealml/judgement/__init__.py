"""People's overrides, stored with the model's predictions, and whether they improved on them."""
