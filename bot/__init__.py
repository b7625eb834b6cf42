"""digestbot: bilingual news digests with every figure checked against its source."""

__version__ = "0.1.0"
