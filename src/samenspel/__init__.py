"""Samenspel: regional cooperation and the reform of local government, first of all in Flanders."""
