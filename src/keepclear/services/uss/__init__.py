"""A USS: plan, publish, tell, take and show operational intents and constraints as F3548 asks."""

from keepclear.services.uss.own import OwnPublished
from keepclear.services.uss.settings import UssSettings
from keepclear.services.uss.uss import Uss

__all__ = ["OwnPublished", "Uss", "UssSettings"]
