"""Where to draw: regions and zones around cooperation, with reasons."""
