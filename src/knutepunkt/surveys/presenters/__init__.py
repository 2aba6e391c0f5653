"""How is a survey put on paper and on a screen?"""
