"""Running the product's commands in a test, as an operator would."""
