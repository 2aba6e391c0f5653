"""What may people type in this room? One module for each page."""
