"""The pages of this room: making, approving and reading reports."""
