"""What a person draws on an image, what is measured from it, and what can be undone. Values only, no drawing."""
