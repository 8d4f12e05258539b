"""Who bears what? Keys, cooperative games, claims, and the explanation per party."""
