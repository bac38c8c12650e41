"""A doctor whose patients are loyal to one pharmacy, for tests of what explains that."""

from __future__ import annotations

import numpy as np

from ringfinder.evidence.prescriptions import Purchases
from ringfinder.evidence.steering import Pair
from ringfinder.evidence.uses import Uses
from ringfinder.evidence.view import BLANK


def pair(
    medicine: float = 20.0,
    amount: float = 10.0,
    dear: float = 1.0,
    *,
    special: bool = True,
    nearby: bool = False,
    standing: float = 0.0,
    share: float = 0.5,
    gain: float = 30.0,
    fills: int = 20,
    one_medicine: float = 1.0,
    home: bool = False,
    unnamed: bool = False,
    alone: bool = False,
    ordinary: bool = False,
    batched: bool = False,
    summoned: bool = False,
) -> Pair:
    """Doctor 0 and pharmacy 0: ten loyal households, far away and dear, with thirty nats of sameness, a third in the amounts."""
    return Pair(
        desk=0,
        doctors=(0,),
        pharmacy=0,
        pharmacies=(0,),
        loyal=np.arange(10),
        seen=10,
        count=10,
        expected=1.0,
        gain=gain,
        rows=np.arange(fills),
        nearby=nearby,
        one_medicine=one_medicine,
        medicine=medicine,
        amount=amount,
        dear=dear,
        standing=standing,
        share=share,
        special=special,
        home=home,
        unnamed=unnamed,
        alone=alone,
        ordinary=ordinary,
        batched=batched,
        summoned=summoned,
    )


def no_illness(p: Purchases) -> Uses:
    """The uses of medicines where nobody says what for."""
    unknown, nothing = np.full(len(p.drug), BLANK, np.int64), np.zeros(0, np.int64)
    return Uses(unknown, nothing, int(p.drug.max(initial=0)) + 1)
