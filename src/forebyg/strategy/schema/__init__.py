"""The strict schema of a strategy pack, one file for each subject. Pure Python: no Django in here."""

from forebyg.strategy.schema.pack import Pack
from forebyg.strategy.schema.parts import Text

__all__ = ["Pack", "Text"]
