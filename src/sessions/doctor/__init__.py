"""What the doctor looks at: one file for each part of the computer, a pure judgement beside a thin collector."""
