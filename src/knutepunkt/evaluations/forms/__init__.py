"""What does a person fill in: about a report, or about open answers?"""
