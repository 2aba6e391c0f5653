"""Knutepunkt: self-help groups found, asked, evaluated and reported without exposing anyone."""

import os

# One thread of linear algebra, set before numpy loads: sums are then added in the same order every
# time, so that a report made again is the same to the byte; and the many small matrices of the
# models cost less than the threads that would share them.
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

__version__ = "0.1.0"
