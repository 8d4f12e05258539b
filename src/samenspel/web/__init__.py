"""Pages and the server: parse, call, show; a page computes nothing itself."""
