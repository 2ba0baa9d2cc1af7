"""Invigilation: pauses, outages and credit for them, incidents, contact, and signs of how an exam was sat."""
