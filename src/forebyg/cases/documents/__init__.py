"""What comes in as a file: what it is by its content, what it is called, whether it is harmless, and how it is shown."""
