"""The image: picture, words and outlines over it, mouse and keys, windows."""
