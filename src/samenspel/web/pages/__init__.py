"""The pages that everybody reads. A view asks the library through ``web.known`` and shows."""
