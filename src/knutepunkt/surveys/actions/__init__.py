"""What can be done to a survey? One module for each noun."""
