"""Which small pieces do the account pages put together?"""
