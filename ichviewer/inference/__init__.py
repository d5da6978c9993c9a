"""Running the model: its card, its preprocessing and the engines that execute it."""
