"""Judges that watch a run from outside and count the invariants that it broke.

They know the machine's nouns and the rules of the run, and nothing of the code that decides what a belt may
do: what the guardian does wrong, they must be able to see. ``judge.py`` is the door; every other file is one
family of oracles.

| name | invariant                                                                          | where         |
| ---- | ---------------------------------------------------------------------------------- | ------------- |
| I1   | after a stop no start and no rise until acknowledged and armed; a pause needs arm  | permission.py |
| I2   | set-points are whole steps between the lowest speed and the lowest cap             | setpoints.py  |
| I3   | an operator's stop in motion is answered within one look                           | stopping.py   |
| I4   | a start needs arm, hold, countdown, confirmed standstill and a live program        | permission.py |
| I5   | another way of facing or of the belt only through a turn                           | turning.py    |
| I6   | "stopped" is said at confirmed standstill only                                     | screen.py     |
| I7   | no rise on late reports                                                            | setpoints.py  |
| I7   | silence leads to a stop frame, a lost link to the alarm                            | stopping.py   |
| I9   | a stop ends in standstill or in the alarm, in time                                 | stopping.py   |
| I10  | an alarm never ends by itself                                                      | screen.py     |
| I11  | every rise is announced, at least five seconds before                              | announcing.py |
| I12  | rises and falls of set-points keep to the rates                                    | setpoints.py  |
| I13  | speed and deck never rise within the same two seconds                              | setpoints.py  |
| I14  | after a lost link nothing but a stop, until armed on the new connection             | epoch.py      |
| I17  | one command at a time                                                              | flight.py     |
| I18  | an escalation is shown as the alarm                                                | screen.py     |
| R3   | rises come one by one, in small steps, and stay near the measured speed            | setpoints.py  |
| R5   | a belt faster than anybody asked is stopped or the alarm raised                    | runaway.py    |
| R8   | another's lower target is a ceiling; a higher one, or its control, ends the run     | yielding.py   |
| R9   | a belt that runs another way than it was armed for is stopped or the alarm raised   | wrong_way.py  |
| R11  | a heart above its ceiling is eased, and then stopped                                | heart.py      |
| R12  | without a heart rate nothing rises; later the belt goes down or the run ends        | heart.py      |
"""

from .judge import OPERATOR, Judge
from .record import Violation
from .rules import TIERS, Rules, TierLimits, rules_for

__all__ = ["OPERATOR", "TIERS", "Judge", "Rules", "TierLimits", "Violation", "rules_for"]
