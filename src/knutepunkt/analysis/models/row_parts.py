"""What does the small-sample correction need of the rows of a mixed model?

V is block diagonal over sets of rows that share no random effect. Sets of equal size are treated
together; the cost is that of inverting each set's V.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from knutepunkt.analysis.models.arrays import Floats, Integers
from knutepunkt.analysis.models.blocks import Block
from knutepunkt.analysis.models.kenward_roger import KenwardRogerParts
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

LARGEST_SET = 6_000  # rows tied together by random effects; V of that size takes 0.3 GB
NUMBERS_AT_ONCE = 8_000_000


@dataclass(frozen=True)
class InnerRows:
    """The rows in inner columns: X (n, p), y (n,), and the random blocks."""

    x: Floats
    y: Floats
    blocks: tuple[Block, ...]


def parts_from_rows(rows: InnerRows, theta: Floats, sigma2: float) -> KenwardRogerParts:
    """Return P_r, Q_rs, the traces and Phi at the estimates; parameters by block, residual last.

    Raises:
        ModelRefusal: ``too_large`` if more rows hang together than V can be inverted for.
    """
    p = rows.x.shape[1]
    count = 1 + sum(len(block.parameters()) for block in rows.blocks)
    information = np.zeros((p, p))
    p_sum = np.zeros((count, p, p))
    q_sum = np.zeros((count, count, p, p))
    trace = np.zeros((count, count))
    for chunk in _row_sets(rows, count):
        x = rows.x[chunk]
        v, derivatives = _covariances(rows.blocks, chunk, theta, sigma2)
        inverse = np.linalg.inv(v)
        solved = inverse @ x
        moved = [inverse if g is None else g @ inverse for g in derivatives]
        images = [solved if g is None else g @ solved for g in derivatives]
        information += np.einsum("bni,bnj->ij", x, solved)
        for r in range(count):
            p_sum[r] -= np.einsum("bni,bnj->ij", solved, images[r])
            back = inverse @ images[r]
            for s in range(r, count):
                q_sum[r, s] += np.einsum("bni,bnj->ij", back, images[s])
                trace[r, s] += np.einsum("bij,bji->", moved[r], moved[s])
    for r in range(count):
        for s in range(r, count):
            q_sum[r, s] = 0.5 * (q_sum[r, s] + q_sum[r, s].T)
            q_sum[s, r], trace[s, r] = q_sum[r, s], trace[r, s]
    phi: Floats = np.asarray(np.linalg.inv(information))
    return KenwardRogerParts(phi, p_sum, q_sum, trace)


def row_sets(blocks: tuple[Block, ...], n_rows: int) -> Integers:
    """Return, for each row, the number of the set of rows tied to it by random effects."""
    at = n_rows
    sources, targets = [], []
    for block in blocks:
        sources.append(np.arange(n_rows))
        targets.append(block.codes + at)
        at += block.n_levels
    edges = (np.concatenate(sources), np.concatenate(targets))
    graph = sparse.coo_matrix((np.ones(edges[0].size), edges), shape=(at, at))
    _, labels = csgraph.connected_components(graph, directed=False)
    _, codes = np.unique(labels[:n_rows], return_inverse=True)
    return np.asarray(codes, dtype=np.int64)


def _row_sets(rows: InnerRows, count: int) -> Iterator[Integers]:
    """Yield row numbers of sets of equal size, shape (sets, rows of a set)."""
    codes = row_sets(rows.blocks, rows.y.size)
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    if sizes.max() > LARGEST_SET:
        raise ModelRefusal(
            RefusalCode.TOO_LARGE, f"{sizes.max()} rows hang together; at most {LARGEST_SET}"
        )
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    for size in np.unique(sizes):
        members = starts[sizes == size]
        step = max(1, NUMBERS_AT_ONCE // int(size * size * (count + 2)))
        for begin in range(0, members.size, step):
            some = members[begin : begin + step]
            yield order[some[:, None] + np.arange(size)]


def _covariances(
    blocks: tuple[Block, ...], chunk: Integers, theta: Floats, sigma2: float
) -> tuple[Floats, list[Floats | None]]:
    """Return V (sets, m, m) and its derivatives; None stands for the identity."""
    v = np.zeros((*chunk.shape, chunk.shape[1]))
    derivatives: list[Floats | None] = []
    for block in blocks:
        codes, z = block.codes[chunk], block.z[chunk]
        same = (codes[:, :, None] == codes[:, None, :]).astype(np.float64)
        factor = block.factor(theta)
        covariance = sigma2 * factor @ factor.T
        for row, column in block.parameters():
            outer = z[:, :, None, row] * z[:, None, :, column] * same
            if row != column:
                outer = outer + np.swapaxes(outer, 1, 2)
            v += covariance[row, column] * outer
            derivatives.append(outer)
    v[:, range(chunk.shape[1]), range(chunk.shape[1])] += sigma2
    derivatives.append(None)
    return v, derivatives
