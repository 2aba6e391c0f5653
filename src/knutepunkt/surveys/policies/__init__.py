"""What may be done with a survey, by whom, and with how great care?"""
