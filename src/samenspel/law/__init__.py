"""What must? Rules as dated, cited data, and the small engine that evaluates them with a trace."""
