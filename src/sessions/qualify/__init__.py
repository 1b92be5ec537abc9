"""Trying a machine out with nobody on its belt, and the sealed sheet that comes of it.

record.py         what was sent, answered and reported in one trial
measure.py        records in, findings out
units.py          what a console shows against what was asked for and what was reported
verdict.py        findings in, a sheet or the sentences why there is none out
plan.py           the trials of the quick and of the full qualification
conversation.py   what is told and asked, in order; pure
bench.py          where a trial takes place, and the road of a whole qualification
live.py           a bench over the guardian's process
virtual.py        a bench over the guardian's core on virtual time, with a simulated machine
key_test.py       the safety key of the day
"""
