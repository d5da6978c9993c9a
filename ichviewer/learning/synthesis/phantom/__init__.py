"""A procedural adult head for CT: anatomy, bleeds and scanner, made by formulas and seeded noise alone."""
