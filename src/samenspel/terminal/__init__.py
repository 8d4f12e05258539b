"""Tables for the eye, at the prompt. Shows what the library found and computes nothing."""
