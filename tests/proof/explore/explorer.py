"""Every state that the real ``supervisor.step`` can get into, by breadth first, with a judge beside each step.

A node is a canonical state of the supervisor together with the judge's memory. Events are *free* or *rare*: the rare
ones happen at most ``faults`` times in one history. Histories with fewer rare events come first, and among them the
shorter ones, so the first finding is the plainest.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from retrotread.machine import BeltDirection, DeviceProfile, Facing
from retrotread.safety.config import Config
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.limits import PlanCeiling, limits_for
from retrotread.safety.modes import Mode
from retrotread.safety.supervisor import State, step
from retrotread.safety.tiers import Tier

from . import judge, lasting
from .abstraction import REST, Abstraction, Drops, passed_ms, values_of
from .alphabet import Event, Grid, alphabet, plain
from .judge import Judge, Moment, Person, Violation
from .lasting import Lasting

Way = tuple[Facing, BeltDirection]
_ARMABLE = frozenset({Mode.IDLE, Mode.PAUSED, Mode.TURN})


@dataclass(frozen=True, slots=True)
class Exploration:
    """One machine, one kind of person, and how far to go.

    free     words; an event whose name holds one of them may happen any number of times
    never    words; an event whose name holds one of them does not happen here
    faults   how many of the other events may happen in one history
    first    events with which every history begins
    most     from so many states the search goes on; None: from all of them, which alone is a fixpoint
    asks     the attention check is on
    ends_in  modes that are reached and judged and not gone on from
    """

    name: str
    profile: DeviceProfile
    tier: Tier
    grid: Grid
    ways: tuple[Way, Way]
    top_ckph: int
    top_dpct: int = 0
    heart: HeartCeiling | None = None
    asks: bool = False
    free: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    faults: int = 0
    most: int | None = None
    first: tuple[str, ...] = ("the link comes up",)
    ends_in: frozenset[Mode] = frozenset()
    drops: Drops = field(default_factory=Drops)

    def config(self, way: int) -> Config:
        """The numbers that the supervisor runs under when it is armed for this way."""
        facing, belt = self.ways[way]
        plan = PlanCeiling(self.top_ckph, self.top_dpct, "of the exploration")
        limits = limits_for(self.profile, self.tier, plan, facing, belt)
        return Config.of(self.profile, self.tier, limits, facing, belt).under(self.heart).asking(self.asks)

    def person(self, way: int) -> Person:
        """The same numbers for the judge, worked out from the tier and the plan and not from the limits."""
        (facing, belt), tier = self.ways[way], self.tier
        backward = (facing is Facing.REAR) == (belt is BeltDirection.FORWARD)
        slow = backward and self.profile.report_period_ms >= 1000
        speeds = (
            tier.backward_max_ckph if backward else tier.forward_max_ckph,
            1200 if backward else 1600,
            *((400,) if slow else ()),
            self.top_ckph,
        )
        deck_dpct = 0 if belt is BeltDirection.REVERSED else min(tier.incline_max_dpct, self.top_dpct, 150)
        needed = self.heart is not None and self.heart.required
        rates = tier.rise_ckph_per_s, tier.fall_ckph_per_s
        every_ms = tier.asked_every_ms if self.asks else None
        block_ms = (tier.block_max_min + 2) * 60_000 if backward else None
        return Person(facing, belt, min(speeds), deck_dpct, *rates, self.heart is not None, needed, every_ms, block_ms)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events that happen here."""
        return tuple(one for one in alphabet(self.grid) if not any(word in one.name for word in self.never))

    def rare(self, event: Event) -> bool:
        """Whether an event counts against ``faults``."""
        return not any(word in event.name for word in self.free)


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a history, with what came of it."""

    event: Event
    mode: Mode
    commands: tuple[str, ...]
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant that does not hold: the sentence, and the shortest history that leads there."""

    exploration: Exploration
    sentence: str
    history: tuple[Event, ...]

    def __str__(self) -> str:
        lines = [f"{self.exploration.name}: {self.sentence}"]
        lines += [f"{number:4}. {line}" for number, line in enumerate(told(self.exploration, self.history), 1)]
        names = ", ".join(repr(event.name) for event in self.history)
        return "\n".join([*lines, f"again: replay(EXPLORATIONS[{self.exploration.name!r}], [{names}])"])


@dataclass(slots=True)
class Figures:
    """How far an exploration came. ``fixpoint``: nothing new is left within its bounds."""

    states: int = 0
    transitions: int = 0
    steps: int = 0
    depth: int = 0
    seconds: float = 0.0
    fixpoint: bool = False
    modes: dict[Mode, int] = field(default_factory=dict)
    finding: Finding | None = None


class _Play:
    """One exploration's machinery: from a node and an event to the next node."""

    def __init__(self, exploration: Exploration) -> None:
        self.exploration = exploration
        self.configs = (exploration.config(0), exploration.config(1))
        self.people = (exploration.person(0), exploration.person(1))
        self.small = Abstraction(self.configs[0], exploration.drops)
        self.judge = Judge(exploration.profile, targets=not exploration.drops.targets)
        self.lasting = Lasting(exploration.profile, follows=not exploration.drops.following)
        self.events = exploration.events
        self.heard = {
            event: tuple(tuple([plain(one) for one in items]) for _, items in event.steps) for event in self.events
        }
        self.steps = 0

    def begin(self) -> Node:
        """The node in which nothing has happened."""
        return 0, self.small.small(State()), (judge.FIRST, lasting.FIRST)

    def beginning(self) -> tuple[Event, ...]:
        """The events with which every history begins."""
        by_name = {event.name: event for event in self.events}
        return tuple([by_name[name] for name in self.exploration.first])

    def next(self, node: Node, state: State, event: Event, on_step: OnStep | None = None) -> Node | None:
        """The node after ``event``; None where it cannot happen. Raises ``Violation``."""
        way, _, (memory, lasted) = node
        if event.way is not None:
            if state.mode not in _ARMABLE:
                return None
            way = event.way
        waited: tuple[Any, ...] = ()
        if event.wait is not None:
            later = self.small.wait(event.wait, state)
            if later is None:
                return None
            waited = (("Waited", {"what": event.wait, "ms": passed_ms(event.wait, state, later)}),)
            state = later
        config, person = self.configs[way], self.people[way]
        for (elapsed_ms, items), heard in zip(event.steps, self.heard[event], strict=True):
            try:
                made = step(config, state, elapsed_ms, items)
            except Exception as error:
                raise Violation(f"the supervisor failed in {state.mode}: {type(error).__name__}: {error}") from error
            self.steps += 1
            after = made.state
            moment = Moment(
                elapsed_ms,
                (*waited, *heard),
                state.mode.value,
                after.mode.value,
                made.commands,
                tuple([one.hazard.value for one in made.causes]),
                tuple([one.value for one in state.hazards]),
                tuple([one.value for one in after.hazards]),
                None if after.turn is None else f"{after.turn.facing.value}/{after.turn.belt.value}",
            )
            if on_step is not None:
                on_step(moment)
            memory = self.judge.judge(memory, person, moment)
            lasted = self.lasting.judge(lasted, person, moment)
            state = after
        return 0 if state.mode in REST else way, self.small.small(state), (memory, lasted)


Node = tuple[int, tuple[Any, ...], tuple[Any, ...]]
OnStep = Callable[[Moment], None]


def explore(explorations: Iterable[Exploration], within_s: float | None = None) -> Finding | None:
    """The first finding of these explorations, in their order; None where there is none."""
    for exploration in explorations:
        finding = explored(exploration, within_s).finding
        if finding is not None:
            return finding
    return None


def explored(
    exploration: Exploration,
    within_s: float | None = None,
    on_progress: Callable[[Figures], None] | None = None,
) -> Figures:
    """All states of one exploration, or as many as fit into the time and number given; it ends with a finding."""
    search = _Search(exploration)
    began_s = time.process_time()
    for _ in search.run():
        search.figures.seconds = time.process_time() - began_s
        if on_progress is not None:
            on_progress(search.figures)
        late = within_s is not None and search.figures.seconds > within_s
        if late or (exploration.most is not None and sum(search.figures.modes.values()) >= exploration.most):
            break
    search.figures.seconds = time.process_time() - began_s
    return search.figures


class _Search:
    """Breadth first, layer by layer of rare events; nodes are numbered, parents and events kept in arrays."""

    def __init__(self, exploration: Exploration) -> None:
        self.exploration = exploration
        self.play = _Play(exploration)
        self.figures = Figures()
        first, self.beginning = self.play.begin(), self.play.beginning()
        for event in self.beginning:
            first = self.play.next(first, State(*first[1]), event) or first
        self.numbers: dict[Node, int] = {first: 0}
        self.nodes: list[Node | None] = [first]
        self.parents, self.by = array("i", [-1]), array("h", [-1])
        events = list(enumerate(self.play.events))
        self.free = [(number, event) for number, event in events if not exploration.rare(event)]
        self.rare = [(number, event) for number, event in events if exploration.rare(event)]
        self.memories: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def run(self) -> Iterator[None]:
        """Goes on until nothing new is found or something is wrong; yields now and then."""
        layer = [0]
        for faults_left in range(self.exploration.faults, -1, -1):
            following: list[int] = []
            done = 0
            while done < len(layer):
                number = layer[done]
                done += 1
                if not self._expand(number, layer, following if faults_left else None):
                    return
                if done % 500 == 0:
                    yield
            layer = following
        self.figures.fixpoint = True
        yield

    def _expand(self, number: int, layer: list[int], following: list[int] | None) -> bool:
        """The successors of one node into their layers; False where something is wrong."""
        node = self.nodes[number]
        assert node is not None, "a node is expanded once"
        self.nodes[number] = None
        state = State(*node[1])
        self.figures.modes[state.mode] = self.figures.modes.get(state.mode, 0) + 1
        self.figures.states = len(self.numbers)
        if state.mode in self.exploration.ends_in:
            return True
        for events, to in ((self.free, layer), (self.rare, following)):
            if to is None:
                continue
            for index, event in events:
                try:
                    after = self.play.next(node, state, event)
                except Violation as violation:
                    history = (*self._history(number), event)
                    self.figures.finding = Finding(self.exploration, str(violation), history)
                    return False
                if after is None:
                    continue
                self.figures.transitions += 1
                if after not in self.numbers:
                    self._new(after, number, index, to)
        self.figures.steps = self.play.steps
        return True

    def _new(self, node: Node, parent: int, index: int, to: list[int]) -> None:
        memory = self.memories.setdefault(node[2], node[2])
        node = (node[0], node[1], memory)
        number = len(self.nodes)
        self.numbers[node] = number
        self.nodes.append(node)
        self.parents.append(parent)
        self.by.append(index)
        to.append(number)

    def _history(self, number: int) -> tuple[Event, ...]:
        history: list[Event] = []
        while number > 0:
            history.append(self.play.events[self.by[number]])
            number = self.parents[number]
        return (*self.beginning, *reversed(history))


# --- a history again ----------------------------------------------------------------------------------------------


def told(exploration: Exploration, history: Iterable[Event]) -> Iterator[str]:
    """Each event of a history as a sentence, with the mode, the commands and the causes that followed."""
    play = _Play(exploration)
    node = play.begin()
    for event in history:
        moments: list[Moment] = []
        sentence = ""
        try:
            after = play.next(node, State(*node[1]), event, moments.append)
        except Violation as violation:
            after, sentence = None, f"  <- {violation}"
        commands = [str(command) for moment in moments for command in moment.commands]
        causes = dict.fromkeys(cause for moment in moments for cause in moment.causes)
        mode = moments[-1].mode if moments else "(nothing)"
        sends = f", sends {' '.join(commands)}" if commands else ""
        yield f"{event.name} -> {mode}{sends}{f' because of {list(causes)}' if causes else ''}{sentence}"
        if after is None:
            return
        node = after


def replay(exploration: Exploration, names: Iterable[str]) -> State:
    """The state after these events by their names; raises ``Violation`` where the last one breaks an invariant."""
    play = _Play(exploration)
    by_name = {event.name: event for event in play.events}
    node = play.begin()
    for name in names:
        after = play.next(node, State(*node[1]), by_name[name])
        node = node if after is None else after
    return State(*node[1])


def differs(state: State, other: State) -> list[str]:
    """The names of the fields in which two states differ."""
    names = [one.name for one in fields(State)]
    return [name for name, one, two in zip(names, values_of(state), values_of(other), strict=True) if one != two]
