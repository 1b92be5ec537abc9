"""A bench for people: the production supervisor over a simulated belt, and every fault a key.

``flags.py`` names what can be done, ``room.py`` is the world that it is done to, ``ahead.py`` looks what follows if
nothing more is done, ``words.py`` tells it.
"""
