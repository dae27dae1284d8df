"""What is counted, what a prompt cache saves, what it costs."""
