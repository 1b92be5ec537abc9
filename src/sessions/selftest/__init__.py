"""The promises of this program, proved on this computer with a simulated belt before it may move a real one.

``promises.py`` says what is promised, ``belt.py`` is the belt that is watched from outside, ``subject.py`` the program
that something is done to, ``trial.py`` one promise put to the test, ``record.py`` what is kept of it.
"""
