"""The Fitness Machine Service of a treadmill in bytes: one place to import from; ``docs/ftms-codec.md`` describes it.

Pure, and made of the standard library alone. A decoder takes any octets, raises nothing, and hands back ``Decoded``:
a value in which absent is None, and anomalies by name; every complete field is in the value. An encoder rounds halves
away from zero and raises ValueError, with a sentence, for what is not finite or does not fit.
"""

from ..decoded import Anomaly, Decoded, Oddity
from ..heart.codec import HeartRate, decode_heart_rate, encode_heart_rate
from .assembler import Assembler
from .control_point import (
    OpCode,
    Request,
    Response,
    Result,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)
from .features import Features, MachineFeature, TargetFeature, decode_features, encode_features
from .information import decode_information, decode_system_id
from .machine_status import MachineEvent, MachineStatus, decode_machine_status, encode_machine_status
from .parameters import StopOrPause
from .ranges import Range, RangeOf, decode_range, encode_range
from .running_speed import RunningSpeed, decode_rsc, encode_rsc
from .service_data import MachineType, ServiceData, decode_service_data, encode_service_data
from .text import decode_text, readable
from .training_status import Training, TrainingStatus, decode_training_status, encode_training_status
from .treadmill_data import TreadmillData, decode_treadmill_data, encode_treadmill_data

__all__ = [
    "Anomaly",
    "Assembler",
    "Decoded",
    "Features",
    "HeartRate",
    "MachineEvent",
    "MachineFeature",
    "MachineStatus",
    "MachineType",
    "Oddity",
    "OpCode",
    "Range",
    "RangeOf",
    "Request",
    "Response",
    "Result",
    "RunningSpeed",
    "ServiceData",
    "StopOrPause",
    "TargetFeature",
    "Training",
    "TrainingStatus",
    "TreadmillData",
    "decode_features",
    "decode_heart_rate",
    "decode_information",
    "decode_machine_status",
    "decode_range",
    "decode_request",
    "decode_response",
    "decode_rsc",
    "decode_service_data",
    "decode_system_id",
    "decode_text",
    "decode_training_status",
    "decode_treadmill_data",
    "encode_features",
    "encode_heart_rate",
    "encode_machine_status",
    "encode_range",
    "encode_request",
    "encode_response",
    "encode_rsc",
    "encode_service_data",
    "encode_training_status",
    "encode_treadmill_data",
    "readable",
]
