"""A workout rehearsed by ear: everything that would be said and sounded in a run of it, without a belt.

conductor, narrator, floor     those of a live run, on a belt that does at once what it is asked
script                         what is heard, and what the belt does, on one count of seconds
transcript, sound              the script as lines of text and as a WAV file
"""
