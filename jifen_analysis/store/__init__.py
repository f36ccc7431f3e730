"""Converted folders: what was checked once, whole on the disk, and read again batch by batch."""
