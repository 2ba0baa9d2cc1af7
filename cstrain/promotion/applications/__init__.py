"""Applications for a level: evidence, endorsements, defence, decision, public notice, appointment."""
