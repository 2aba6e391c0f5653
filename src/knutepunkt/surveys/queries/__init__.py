"""What can be asked about surveys? One module for each asker."""
