"""Pictures: values in, PNG bytes out. The only room that knows Pillow, and it never waits."""
