"""``--plain`` for a machine that is only read: why, what to do, and its reports as lines."""

from __future__ import annotations

from ..sessions.view import Group, Launcher, TreadmillChoice, Watching
from .plain_input import Press
from .plain_keys import leaves
from .plain_talk import Talk
from .watched import READ_ONLY, line, words_of_watched

EVERY_S = 5.0
"""How often its reports are said: often enough to see that they come, seldom enough to be listened to."""

WAIT_S = 0.1

OFFER_TEXT = (
    "type w to watch what it reports, x to leave; or be coached and set it by hand: the same command with "
    "--treadmill coach://"
)


def say_card(treadmill: TreadmillChoice, talk: Talk) -> None:
    """What is known of a real machine and what it allows, before anything is opened."""
    for one in treadmill.card:
        talk.say(f"treadmill: {one}")
    if treadmill.held_back is not None:
        talk.say(f"treadmill: {treadmill.held_back}")


def offer_to_watch(launcher: Launcher, treadmill: TreadmillChoice, talk: Talk) -> None:
    """Beside a machine that is only read: watch it, or leave. Ends with a key that leaves, and with the input."""
    if treadmill.group is not Group.REAL or treadmill.held_back is None:
        return
    talk.say(OFFER_TEXT)
    while not talk.keyboard.ended:
        press = talk.keyboard.next(WAIT_S)
        if press is not None and press.key.lower() == "w":
            _watched(launcher, treadmill, talk)
            return
        if _ends(press):
            return


def _watched(launcher: Launcher, treadmill: TreadmillChoice, talk: Talk) -> None:
    try:
        watching = launcher.watch(treadmill.address)
    except OSError as error:
        talk.say(f"it cannot be watched: {error}")
        return
    talk.say(READ_ONLY)
    try:
        _follow(watching, talk)
    finally:
        watching.close()


def _follow(watching: Watching, talk: Talk) -> None:
    """A line when the link or the machine says something else, and one every few seconds."""
    said, said_s = "", talk.now_s()
    while True:
        view, now_s = watching.view(), talk.now_s()
        words = words_of_watched(view)
        if words != said or now_s - said_s >= EVERY_S:
            talk.say(f"{words} {line(view)}".strip() if words != said else line(view))
            said, said_s = words, now_s
        if view.over or talk.keyboard.ended or _ends(talk.keyboard.next(WAIT_S)):
            return


def _ends(press: Press | None) -> bool:
    return press is not None and leaves(press.key)
