"""Pictures: values in, PNG bytes out. Only `child` and what it imports use Pillow, in a process of their own."""
