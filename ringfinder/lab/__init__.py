"""The lab: many worlds made, searched and judged, and one page of what came of it.

    worlds       which worlds a set holds, by seed: to tune on, to confirm on, never mixed
    trial        one world: make or take it, read, find, judge
    fates        what became of each planted ring, and the stage that lost it
    figures      everything counted, as pairs that add up over worlds; goals
    accepted     the last accepted run, and how a change moved every figure
    page, readme what people read
    running      worlds in processes of their own, side by side
    constants    every constant of the detection, and how it is altered
    sensitivity  how much each constant matters

Nothing here is imported by the detection; `worker` must be able to alter a constant before the detection is imported, so
this module and what it needs import none of it.
"""
