"""Zones proven best: all candidate zones enumerated, then the set partition solved exactly."""
