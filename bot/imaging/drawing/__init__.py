"""The drawing kit: shapes, paints and one light for everything that is drawn by code."""
