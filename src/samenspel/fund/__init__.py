"""What does the fund give? A municipal fund as dated data, shared exactly, with a trace by hand."""
