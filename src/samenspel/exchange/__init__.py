"""In and out: readers and writers of what others publish."""
