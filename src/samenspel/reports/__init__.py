"""How the picture is told: maps, charts and documents. Shows what was found, computes no figure."""
