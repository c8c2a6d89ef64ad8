"""Files that people hand in: looked at for what they really are, whole on the disk before their rows."""
