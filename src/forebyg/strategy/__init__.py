"""Strategy packs: a municipality's strategy and action plan as versioned data, and the pages that show it."""
