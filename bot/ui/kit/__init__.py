"""What every command, button, menu and form is built from: callers, replies, controls, limits and errors."""
