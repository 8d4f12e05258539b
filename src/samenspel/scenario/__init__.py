"""What if? Studies, and the operations of a scenario that make another study of one."""
