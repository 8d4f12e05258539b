"""Who to join? Candidate mergers of a zone, what they would mean, and the status quo beside."""
