"""What is on record: the dated register in a database, its changes, rights and jobs.

A Django app. Everything that people know stands in fact rows, one table for each table of the
landscape; a change opens and closes rows, and history, undo, feed, conditional writes and the
picture known at an earlier moment all follow from that one fact.
"""
