"""Work in the background: jobs that are asked, claimed by one worker, told of, cancelled, resumed.

A row of ``Job`` is the whole truth of a job; there is no second queue.
"""
