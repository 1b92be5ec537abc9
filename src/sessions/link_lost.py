"""What a belt does when its link is lost, as far as anybody may say so. Pure."""

from __future__ import annotations

from ..machine import DeviceProfile, Qualification


def runs_on(profile: DeviceProfile) -> bool | None:
    """Whether the belt keeps its last speed; None: nobody knows.

    That it stops is believed of a machine that was seen to, by eye and by report, in a full qualification of its own:
    what a family is said to do keeps nobody's hand from the key.
    """
    if profile.runs_on_when_link_lost is False and profile.qualification is not Qualification.FULL:
        return None
    return profile.runs_on_when_link_lost


def when_disconnected(profile: DeviceProfile | None) -> str:
    """The same as a sentence for whoever stands before the belt."""
    match None if profile is None else runs_on(profile):
        case True:
            return "This model keeps running when disconnected."
        case False:
            return "This model stops when disconnected."
    return "Nobody knows what this model does when disconnected."
