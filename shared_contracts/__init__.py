"""What the processes say to each other: messages, channels, errors and the database schema."""
