"""What the pages of a plan under way have in common: the keys that change it, and digits that fill the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from ...sessions.view import RunView
from .. import speeds
from ..changes import SCALE_STEP_PERCENT, changes_text, spoken_text
from ..frame import Frame
from ..heart import heart_short
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..wording import clock_text, left_in_step_text, next_step, next_text, step_text
from .run_page import RunPage

KEYS_TEXT = (
    "p pause   h hold   e +1 min   , back   n next   f finish: cool-down, then stop\n"
    "+ - this step   [ ] the rest -/+ 5 %   d digits that fill the screen   ? keys"
)


class PlanPage(RunPage):
    """Nothing here raises a speed at once: what goes up is announced first, what goes down does so now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p,P", "pause", "pause"),
        Binding("h,H", "hold", "hold, or go on"),
        Binding("e,E", "extend", "one minute more"),
        Binding("comma", "previous", "back"),
        Binding("n,N", "next", "next step"),
        Binding("f,F", "finish", "finish"),
        Binding("plus,add", "nudge(1)", "a little faster"),
        Binding("minus,subtract", "nudge(-1)", "a little slower"),
        Binding("left_square_bracket", "scale(-1)", "the rest slower"),
        Binding("right_square_bracket", "scale(1)", "the rest faster"),
        Binding("d,D", "digits", "digits that fill the screen"),
    ]

    def digits(self) -> Iterator[Widget]:
        """The widgets of the large digits, for the body."""
        with Vertical(id="wall"):
            yield Line(id="wall-label", classes="label")
            yield BigNumber(id="wall-speed", stretch=True)
            with Horizontal(id="wall-row"):
                with Vertical(id="wall-left"):
                    yield Line(id="wall-left-label", classes="label")
                    yield BigNumber(id="wall-time", stretch=True)
                with Vertical(id="wall-next"):
                    yield Line(id="wall-next-label", classes="label")
                    yield BigNumber(id="wall-next-speed")

    def draw_digits(self, frame: Frame, label: str, speed: str, struck: bool) -> None:
        """The speed above, below it what is left of the step and the speed of the next one."""
        view = frame.view
        heart = heart_short(view.heart)
        self.line("wall-label").say("   ".join(part for part in (label, heart, changes_text(view)) if part))
        self.query_one("#wall-speed", BigNumber).say(speed, struck)
        left = left_in_step_text(view)
        about, metres = " (about)" * left.startswith("about"), " (metres)" * left.endswith(" m")
        self.line("wall-left-label").say(f"LEFT IN THE STEP{about}{metres}")
        self.query_one("#wall-time", BigNumber).say(left.removeprefix("about ").removesuffix(" m"))
        self.line("wall-next-label").say(next_label(view))
        self.query_one("#wall-next-speed", BigNumber).say(next_speed(view))

    def draw_plan(self, frame: Frame) -> None:
        """The lines of the step: what it is, what was changed, what was said, what comes."""
        view = frame.view
        self.line("step").say(step_line(view))
        self.line("changes").say(changes_text(view))
        self.line("changes").set_class(not changes_text(view), "-empty")
        self.line("cue").say(spoken_text(view, frame.now_s))
        self.line("next").say(f"next: {next_text(view)}")

    def action_pause(self) -> None:
        """Ramp to a standstill and keep the place."""
        self.program.controls.pause()

    def action_hold(self) -> None:
        """Plan time waits, or goes on."""
        self.program.controls.hold()

    def action_extend(self) -> None:
        """A minute more of this step."""
        self.program.controls.extend()

    def action_previous(self) -> None:
        """Back in the plan. By a comma, which no presenter sends; some of them send arrows."""
        self.program.controls.previous_step()

    def action_next(self) -> None:
        """Go on to the next step."""
        self.program.controls.next_step()

    def action_finish(self) -> None:
        """Go to the cool-down, then stop."""
        self.program.controls.finish()

    def action_nudge(self, tenths: int) -> None:
        """This step by a tenth of the console's unit."""
        if self._frame is not None:
            self.program.controls.nudge(tenths * speeds.nudge_kph(self._frame.view))

    def action_scale(self, steps: int) -> None:
        """The rest of the plan by a few percent."""
        self.program.controls.scale(steps * SCALE_STEP_PERCENT)

    def action_digits(self) -> None:
        """Digits that fill the screen, or everything again."""
        self.toggle_class("-digits")


def step_line(view: RunView) -> Content:
    """The step that is on, and the time that is left in it and in all."""
    step = view.timeline.steps[view.step_index]
    left_in_all = clock_text(view.timeline.total_s - view.plan_time_s + view.extended_s)
    left = f"   {left_in_step_text(view)} left in the step, {left_in_all} in all"
    return Content.assemble((step_text(step, view.profile), "bold"), left)


def next_label(view: RunView) -> str:
    """What stands above the next speed."""
    step = next_step(view)
    return "NEXT: the belt stops" if step is None else f"NEXT: {step.label}"


def next_speed(view: RunView) -> str:
    """The speed that the next step begins with; 0.0 where the belt will stand."""
    step = next_step(view)
    kph = 0.0 if step is None else step.entry.speed_kph
    return f"{kph / speeds.unit(view).one_kph:.1f}"
