"""From an observed aspect to a mark, a standing and a board."""
