"""What a person does with the whole window: commands, menus, opening, exporting, settings."""
