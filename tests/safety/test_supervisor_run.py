"""While the belt runs: what is wanted, what is sent, and the machine that stops by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrotread.machine import StopBelt
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import Wanted
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench


# --- R16: a stop at the machine ----------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", [Wanted(200, 0), Wanted(500, 0), Wanted(300, 0), Wanted(300, 60)])
def test_a_belt_that_reports_zero_gets_no_set_point_that_might_start_it_again(bench: Bench, wish: Wanted) -> None:
    bench.run_at(300, 20)
    bench.obeys, bench.speed_ckph, bench.target_ckph = False, 0, 0
    still_ms = bench.at_ms
    bench.tick(wish)
    bench.until(Mode.LATCHED, within_s=4)
    bench.run(5)
    assert [command for _, command in bench.commands_since(still_ms + 300)] == [StopBelt()]
    assert bench.hazards_since(still_ms) == [Hazard.STOPPED_BY_ITSELF]
