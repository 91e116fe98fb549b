"""What members and staff can call. A cog only translates: parse, one service call, render."""
