"""What do the pages about groups and houses show and do?"""
