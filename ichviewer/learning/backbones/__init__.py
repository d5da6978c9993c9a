"""Networks that turn a picture into features, with weights trained on natural images."""
