"""The checklist of one open run: what the person ticks, what the program sees, and the test of the sound."""

from __future__ import annotations

from ..safety.modes import IN_MOTION
from ..sessions.view import Controls, RunView, Sound
from ..workouts.engine import Phase
from . import sound_test
from .between import UNDER_WAY
from .checklist import EMPTY_BELT, Asked, Checklist, Seen, checklist_for, moved, next_ticked, seen, ticked, toggled
from .frame import Frame
from .freshness import rest_known
from .sound_test import NOTHING_RISES, Answer, SoundTest
from .stages import Stage

HEARD = "The digit was right: you hear this program."
WRONG = "That was not it. Listen again: another digit comes now."
LISTEN = "Listen: a digit is spoken, or so many bells ring. Type it; 0 if you hear nothing."

_ONCE_MOVED = frozenset({Phase.WAITING_FOR_PERSON, Phase.RUNNING, Phase.PAUSED})
_BEFORE_THE_BELT = frozenset({Stage.START, Stage.TURN, Stage.OFF_BELT})


class Readiness:
    """Lives as long as its run. ``note`` is the newest sentence about the sound; ``wanted``: a start was asked for.

    ``began``: the belt of this run has moved, or was told to; from then on there is no checklist any more.
    Nothing in here can tick an item that the program ticks, except what ticks it.
    """

    def __init__(self, controls: Controls, asked: Asked) -> None:
        self.asked = asked
        self.checklist: Checklist = checklist_for(asked)
        self.test = SoundTest()
        self.note = ""
        self.wanted = False
        self.began = False
        self._passed = False
        self._empty = False
        self._controls = controls
        self._settled = Sound.UNTESTED

    def ready(self, now_s: float) -> bool:
        """Whether nothing is missing for a start."""
        return self.checklist.done(now_s)

    def holds_up(self, frame: Frame) -> bool:
        """Whether the checklist comes before what this frame is about; what can be seen in the frame is seen.

        What is done beside the belt needs it once, the start needs ticks that are believed still. A start that is
        under way is not interrupted by a tick that grows old.
        """
        self.began = self.began or frame.mode in IN_MOTION or frame.view.phase in _ONCE_MOVED
        if self.began or frame.stage not in _BEFORE_THE_BELT:
            return False
        self.look(frame.view, frame.now_s)
        ready = self.ready(frame.now_s)
        self._tell_of_the_belt(frame.now_s)
        if ready and not self._passed:
            self._passed = True
            self._controls.prepared()
        starts = frame.stage is Stage.START or self.wanted
        return not (ready if starts else self._passed) and frame.mode not in UNDER_WAY

    def _tell_of_the_belt(self, now_s: float) -> None:
        """The run is told whether its belt is confirmed empty, each time that this changes before the first start."""
        if EMPTY_BELT not in self.checklist.items:
            return
        empty = self.checklist.holds(self.checklist.items.index(EMPTY_BELT), now_s)
        if empty is not self._empty:
            self._empty = empty
            self._controls.belt_empty(empty)

    def look(self, view: RunView, now_s: float) -> None:
        """What can be seen is ticked; the presses of a remote become an answer; a sound not asked about is asked for.

        The last comes by itself once everything is ticked by hand: then nobody is talking over it.
        """
        if rest_known(view):
            self._see(Seen.TREADMILL, now_s)
        if view.key_test and view.key_tested:
            self._see(Seen.KEY, now_s)
        if view.show_machine and view.machine_shown:
            self._see(Seen.MACHINE, now_s)
        if view.sound in (Sound.HEARD, Sound.FAILED):
            self._settled = view.sound
        if self._settled is not Sound.UNTESTED:
            self._see(Seen.SOUND, now_s)
        self.test, answer = sound_test.waited(self.test, now_s)
        self._settle(answer, now_s)
        if self._sound_is_next(now_s):
            self.ask_sound()

    def _sound_is_next(self, now_s: float) -> bool:
        if self._settled is not Sound.UNTESTED or self.test.under_way:
            return False
        return not [index for index in self.checklist.open_items(now_s) if index < self.checklist.by_hand]

    # --- what a person does -------------------------------------------------------------------------------------

    def tick(self, number: int, now_s: float) -> None:
        """The digit ``number``: the answer to the test of the sound while that is on, else a tick."""
        if self.test.under_way:
            self.test, answer = sound_test.answered(self.test, number)
            self._settle(answer, now_s)
        else:
            self.checklist = ticked(self.checklist, number - 1, now_s)

    def toggle(self, now_s: float) -> None:
        self.checklist = toggled(self.checklist, now_s)

    def move(self, by: int) -> None:
        self.checklist = moved(self.checklist, by)

    def go_on(self, now_s: float) -> None:
        """Enter: the next open item that is ticked by hand."""
        self.checklist = next_ticked(self.checklist, now_s)

    def next_pressed(self, now_s: float) -> None:
        """The remote's next key: a digit is counted with it; else it is Enter. Either way the stop has been seen."""
        self.stop_seen(now_s)
        if self.test.under_way:
            self.test = sound_test.pressed(self.test, now_s)
        else:
            self.go_on(now_s)

    def key_pulled(self, now_s: float) -> None:
        """The person says that the key was pulled and that the console saw it."""
        if any(self.checklist.items[index].seen is Seen.KEY for index in self.checklist.open_items(now_s)):
            self._controls.key_pulled()

    def wants_stop(self, now_s: float) -> bool:
        """Whether a stop key that is pressed now is the one that the checklist waits for."""
        return any(self.checklist.items[index].seen is Seen.STOP for index in self.checklist.open_items(now_s))

    def stop_seen(self, now_s: float) -> None:
        """A key that stops in a run has come in."""
        if self.wants_stop(now_s):
            self._controls.own_stop_seen()
        self._see(Seen.STOP, now_s)

    def ask_sound(self) -> None:
        """Speak a digit; also once more, and after a test that has failed."""
        self.test = sound_test.asked(self.test, self._controls.test_sound())
        self.note = LISTEN

    # --- the sound ----------------------------------------------------------------------------------------------

    def _settle(self, answer: Answer, now_s: float) -> None:
        if answer in (Answer.HEARD, Answer.FAILED):
            heard = answer is Answer.HEARD
            self._controls.sound_heard(heard)
            self._settled = Sound.HEARD if heard else Sound.FAILED
            self.note = HEARD if heard else NOTHING_RISES
            self._see(Seen.SOUND, now_s)
        elif answer is Answer.WRONG:
            self.ask_sound()
            self.note = WRONG

    @property
    def deaf(self) -> bool:
        """Whether the run goes on without being heard: nothing will rise."""
        return self._settled is Sound.FAILED

    def _see(self, what: Seen, now_s: float) -> None:
        self.checklist = seen(self.checklist, what, now_s)
