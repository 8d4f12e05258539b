"""What changes? Two studies side by side: every figure, signal, finding, fit, amount and share."""
