from __future__ import annotations

from pathlib import Path

from retrotread.sessions.voice import RecordingSpeaker, Started


def test_a_transcript_has_a_line_for_each_text_with_its_seconds(tmp_path: Path) -> None:
    now = iter([100.0, 105.25])
    speaker = RecordingSpeaker(lambda: next(now))
    speaker.say("walk 60 s")
    speaker.say("faster,\nshort steps", urgent=True)
    speaker.write_transcript(tmp_path / "said.txt")
    assert (tmp_path / "said.txt").read_text() == "     0.0 s  walk 60 s\n     5.2 s  faster, short steps\n"


def test_what_is_said_is_told_with_its_planned_moment() -> None:
    speaker = RecordingSpeaker(lambda: 7.0)
    told: list[Started] = []
    speaker.started = told.append
    speaker.say("3", planned_s=6.9)
    assert told == [Started("3", 6.9, 7.0)]


def test_a_closed_voice_keeps_nothing() -> None:
    speaker = RecordingSpeaker(lambda: 7.0)
    speaker.close()
    speaker.say("3")
    speaker.ring(2)
    assert (speaker.said, speaker.bells) == ([], 0)
