"""How is a file of answers from elsewhere read, described and evaluated?"""
