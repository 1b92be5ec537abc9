"""A room full of simulated radios: what one sends, the others hear (bumble's controllers on a link of one process)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bumble import core, hci, ll
from bumble.controller import Controller
from bumble.link import LocalLink

PREFIX = "525400"
"""Locally administered, as virtual machines have it: no maker's. Three more octets are enough for a long day."""

_LOST = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
"""What the other end is told of a radio that is gone: it was not heard for the supervision time-out."""


class Room(LocalLink):
    """The air between controllers.

    Not simulated: range, collisions, lost packets, the rhythm of a connection. What is sent arrives at once.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._made = 0

    def controller(self) -> RoomController:
        """A new radio in this room, with an address of its own."""
        self._made += 1
        octets = bytes.fromhex(PREFIX) + (self._made % (1 << 24)).to_bytes(3, "big")
        return RoomController(f"radio {self._made}", link=self, public_address=octets.hex(":").upper())

    def enter(self) -> tuple[RoomController, Callable[[], None]]:
        """A new radio, and how it leaves: what ``gatt.bumble_client.offer`` takes."""
        radio = self.controller()
        return radio, radio.leave

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: core.PhysicalTransport,
        data: bytes,
    ) -> None:
        """From the address under which the connection was made: bumble takes the random one even for a public one."""
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is None or receiver is None:
            return
        hear = receiver.on_link_acl_data
        asyncio.get_running_loop().call_soon(hear, connection.self_address, transport, data)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Nobody hears what is sent to a radio that has left."""
        if self.find_le_controller(receiver_address) is not None:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)


class RoomController(Controller):
    """A controller without the extended advertising that bumble's does half; its advertisements carry the whole name.

    Unlike bumble's, it forgets a connection that it was told to give up waiting for, and it can leave.
    """

    le_features = Controller.le_features & ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    link: Room

    def __init__(self, name: str, link: Room, public_address: str) -> None:
        super().__init__(name, link=link, public_address=public_address)

    def send_advertising_pdu(self, packet: ll.AdvertisingPdu) -> None:
        if isinstance(packet, ll.AdvInd):
            packet = replace(packet, data=packet.data + self.le_legacy_advertiser.scan_response_data)
        super().send_advertising_pdu(packet)

    def advertise_once(self) -> None:
        """One advertisement now, if it advertises at all."""
        self.le_legacy_advertiser.send_advertising_data()

    def on_hci_le_create_connection_cancel_command(self, _command: Any) -> hci.HCI_StatusReturnParameters:
        """Core Specification, vol 4 part E, 7.8.13: it ends with a connection that did not come about."""
        self.pending_le_connection = None
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_reset_command(self, command: hci.HCI_Reset_Command) -> hci.HCI_StatusReturnParameters:
        self.pending_le_connection = None
        self.le_scan_enable = False
        self.le_legacy_advertiser.stop()
        return super().on_hci_reset_command(command)

    def leave(self) -> None:
        """Gone without a word: whoever was connected loses the link; may be called twice."""
        self.le_legacy_advertiser.stop()
        self.le_scan_enable = False
        for connection in list(self.le_connections.values()):
            connection.send_ll_control_pdu(ll.TerminateInd(_LOST))
        self.le_connections.clear()
        self.link.controllers.discard(self)
