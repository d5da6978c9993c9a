"""How everything looks and is worded: theme, icons, fonts, plain text."""
