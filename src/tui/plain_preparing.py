"""``--plain`` before a run is open: who trains here, whether alone, and what is run on which treadmill."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..sessions.person import Person
from ..sessions.view import Launcher, Offer, TreadmillChoice
from . import introduction, remote_keys
from .before import KEYS, UNSAID, before, pressed
from .introduction import CONDITIONS, OPTIONS, Introduction, Question
from .keys import said
from .plain_input import Press
from .plain_keys import leaves
from .plain_talk import Talk
from .plain_watching import offer_to_watch, say_card
from .remote_keys import Learning

WAIT_S = 0.1
"""How long one look for a key takes; nothing else happens here meanwhile."""

CHOSEN_FROM = 9
"""Prescriptions that one digit tells apart: nobody has so many."""

ALONE_TEXT = "are you alone? y: nobody else is here; n: somebody is here; r: name the keys of a remote; x: leave"
REMOTE_TEXT = "press the key of the remote that goes to the next picture; Esc: no change; Backspace: no remote at all"
FINE_TEXT = 'next: {key}. Press its key for "I\'m fine", which never stops a belt; s: none, then all of its keys stop'


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is about to be run, by whom."""

    offer: Offer
    treadmill: TreadmillChoice
    person: Person | None
    alone: bool


class Left(Exception):
    """The person has left before a run was open, or the input has ended."""


def chosen(launcher: Launcher, talk: Talk, address: str) -> Chosen | None:
    """Everything that is settled before a run is opened; None where it comes to no run, which has been said then."""
    try:
        return _chosen(launcher, talk, address)
    except Left:
        talk.say("the input has ended; nothing was started" if talk.keyboard.ended else "left; nothing was started")
        return None


def _chosen(launcher: Launcher, talk: Talk, address: str) -> Chosen | None:
    for sentence in launcher.recovered():
        talk.say(f"found: {sentence}")
    person = launcher.person()
    if person is None:
        person = _kept(launcher, talk, _introduced(talk))
    person = _asked_before(launcher, talk, person)
    person, alone = (person, True) if launcher.alone else _company(launcher, talk, person)
    offer, treadmill = _offer(launcher.offers(address, alone), talk), _treadmill(launcher, address)
    if offer is None:
        return None
    talk.say(f"workout: {offer.title}, tier {offer.tier}, on {treadmill.title}")
    if offer.source:
        talk.say(f"source: {offer.source} ({offer.grade})")
    for condition in offer.not_for:
        talk.say(f"not for: {condition}")
    for finding in offer.findings:
        talk.say(f"note: {finding}")
    say_card(treadmill, talk)
    for problem in offer.problems:
        talk.say(f"it cannot be run: {problem}")
    if offer.problems:
        offer_to_watch(launcher, treadmill, talk)
    return None if offer.problems or offer.timeline is None else Chosen(offer, treadmill, person, alone)


def _offer(offers: tuple[Offer, ...], talk: Talk) -> Offer | None:
    """The first of the offers, which is what was asked for; of several prescriptions the one that is chosen by digit.

    Raises Left.
    """
    if not offers:
        talk.say("nothing is prescribed for this participant today; nothing was started")
        return None
    prescribed = [one for one in offers if one.read_back][:CHOSEN_FROM]
    if len(prescribed) < 2:
        return offers[0]
    for number, one in enumerate(prescribed, start=1):
        talk.say(f"{number}: {'; '.join(one.read_back[1:])}")
    talk.say(f"which one? 1 to {len(prescribed)}; x: leave")
    while True:
        key = _press(talk).key
        if key.isdecimal() and 1 <= int(key) <= len(prescribed):
            return prescribed[int(key) - 1]
        if leaves(key):
            raise Left


def _asked_before(launcher: Launcher, talk: Talk, person: Person) -> Person:
    """What is owed since the last run, one question after the other; the person as they are after it. Raises Left."""
    owed = launcher.owed()
    asked = before(owed)
    if asked.question is None:
        return person
    talk.say(UNSAID)
    while (question := asked.question) is not None:
        _ask(talk, tuple(asked.text.splitlines()), KEYS[question])
        while asked.question is question:
            press = _press(talk)
            if leaves(press.key):
                raise Left
            asked = pressed(asked, press.key)
    try:
        launcher.answer(owed, asked.answered)
    except OSError as error:
        talk.say(f"what you said cannot be kept: {error}")
    return launcher.person() or person


def _treadmill(launcher: Launcher, address: str) -> TreadmillChoice:
    known = (one for one in launcher.treadmills() if one.address == address)
    return next(known, TreadmillChoice(address, address, address.startswith("sim:")))


def _press(talk: Talk) -> Press:
    """The next key. Raises Left at the end of the input."""
    while not talk.keyboard.ended:
        press = talk.keyboard.next(WAIT_S)
        if press is not None:
            return press
    raise Left


def _kept(launcher: Launcher, talk: Talk, person: Person) -> Person:
    try:
        launcher.introduce(person)
    except OSError as error:
        talk.say(f"your answers hold for today, but cannot be kept: {error}")
    return person


# --- the four questions ----------------------------------------------------------------------------------------


def _introduced(talk: Talk) -> Person:
    """Somebody who is here for the first time. Raises Left."""
    talk.say("four questions, asked once; they decide which workouts are offered, and stay on this computer")
    intro = Introduction()
    _ask_one(intro, talk)
    while intro.person is None:
        press = _press(talk)
        if _leaves_questions(intro, press):
            raise Left
        before, intro = intro, answered(intro, press, talk.keyboard.on_terminal)
        if intro.hint:
            talk.say(intro.hint)
        if intro.at != before.at and intro.question is not None:
            _ask_one(intro, talk)
    talk.say(f"name: {intro.person.name}")
    return intro.person


def _ask_one(intro: Introduction, talk: Talk) -> None:
    """The question that is asked, with what it asks for, and the keys that answer it."""
    question = intro.question
    assert question is not None
    if question is Question.NAME:
        typed = "type it, then Enter; the letters are not shown"
        keys = typed if talk.keyboard.on_terminal else "a line with the name"
    else:
        keys = "; ".join(f"{one.key}: {one.text}" for one in OPTIONS[question])
    _ask(talk, (question.value, *(CONDITIONS if question is Question.HEALTH else ())), keys)


def _ask(talk: Talk, lines: tuple[str, ...], keys: str) -> None:
    """A question and its keys in one line; with conditions, each of them in a line of its own between the two."""
    for line in lines if lines[1:] else ():
        talk.say(line)
    talk.say(keys if lines[1:] else f"{lines[0]} {keys}")


def answered(intro: Introduction, press: Press, on_terminal: bool) -> Introduction:
    """The answers after this key, or after this line of a pipe. An option is taken by its own key and by no other."""
    if intro.question is Question.NAME:
        return _named(intro, press, on_terminal)
    if press.key == "escape":
        return introduction.pressed(intro, "escape", None)
    assert intro.question is not None
    keys = [one.key for one in OPTIONS[intro.question]]
    if press.key.lower() not in keys:
        return replace(intro, hint=f"type {' or '.join(keys)}")
    return introduction.pressed(intro, press.key, press.key.lower())


def _named(intro: Introduction, press: Press, on_terminal: bool) -> Introduction:
    if on_terminal:
        return introduction.pressed(intro, press.key, press.text or None)
    for letter in press.text:
        intro = introduction.pressed(intro, letter, letter)
    return introduction.pressed(intro, "enter", None)


def _leaves_questions(intro: Introduction, press: Press) -> bool:
    """In a name every letter is one; Esc goes back wherever there is something before."""
    if intro.question is Question.NAME:
        return press.key.startswith("ctrl+") and leaves(press.key)
    return leaves(press.key) and press.key != "escape"


# --- in whose company, and with what in the hand ----------------------------------------------------------------


def _company(launcher: Launcher, talk: Talk, person: Person) -> tuple[Person, bool]:
    """The person, perhaps with another remote, and whether nobody else is there. Raises Left."""
    while True:
        talk.say(ALONE_TEXT)
        key = _press(talk).key.lower()
        if key in ("y", "n"):
            return person, key == "y"
        if key == "r":
            person = _with_remote(launcher, talk, person)
        elif leaves(key):
            raise Left


def _with_remote(launcher: Launcher, talk: Talk, person: Person) -> Person:
    """The person with the remote whose keys they press. Raises Left at the end of the input."""
    learning = Learning()
    talk.say(REMOTE_TEXT)
    while not learning.done:
        press = _press(talk)
        if press.key == "escape":
            return person
        before, learning = learning, remote_keys.pressed(learning, press.key)
        if learning.hint:
            talk.say(learning.hint)
        elif before.next_key is None and learning.next_key is not None:
            talk.say(FINE_TEXT.format(key=said(learning.next_key)))
    return _kept(launcher, talk, replace(person, remote=learning.remote))
