"""Pictures: values in, PNG bytes out. The only package that uses Pillow. Nothing in it waits, except the studio."""
