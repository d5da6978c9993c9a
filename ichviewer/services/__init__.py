"""The stories the product tells: open a study, annotate it, export it, test itself. No widgets."""
