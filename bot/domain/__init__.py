"""The rules of the economy as functions of values: nothing here waits, reads a clock or draws a lot."""
